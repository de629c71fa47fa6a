import { join } from "node:path";
import { bin, quietEnv, repository } from "./packages.mjs";
import { localServiceAccount } from "./secrets.mjs";
import { supervise } from "./services/supervise.mjs";

/** @typedef {import("./services/ports.mjs").Ports} Ports */

/**
 * The accounts that send to the local mailbox and the fakes beside it.
 * @param {string} dir
 * @param {Ports} ports
 * @returns {Promise<string>} JSON
 */
export async function localAccounts(dir, ports) {
  return JSON.stringify([
    { provider: "smtp", config: { host: "127.0.0.1", port: ports.mailboxSmtp, from: "Tidings <hello@tidings.local>" } },
    {
      provider: "twilio",
      config: {
        accountSid: "AC00000000000000000000000000000000",
        authToken: "local",
        from: "+15005550006",
        whatsappFrom: "+15005550006",
        apiUrl: local(ports.mailbox, "/twilio"),
      },
    },
    {
      provider: "fcm",
      config: { serviceAccount: await localServiceAccount(dir), apiUrl: local(ports.mailbox, "/fcm") },
    },
    ...["slack", "discord", "teams"].map((provider) => ({
      id: `local-${provider}`,
      provider,
      config: { apiUrl: local(ports.mailbox, "/chat") },
    })),
  ]);
}

/**
 * The mail server that catches what is sent, with the other providers' fakes beside it.
 * @param {{ dir: string, ports: Ports, onProgress: (message: string) => void }} options
 */
export function mailboxProcess({ dir, ports, onProgress }) {
  return supervise({
    name: "mailbox",
    dir,
    command: process.execPath,
    args: ["--import", "tsx", "tests/fakes/main.ts"],
    cwd: repository,
    env: { ...quietEnv, MAILBOX_PORT: String(ports.mailbox), MAILBOX_SMTP_PORT: String(ports.mailboxSmtp) },
    isReady: () => answersOk(local(ports.mailbox, "/")),
    onProgress,
  });
}

/**
 * @param {{ dir: string, ports: Ports, env: NodeJS.ProcessEnv, isWatching: boolean, onProgress: (message: string) => void }} options
 */
export function ourProcesses({ dir, ports, env, isWatching, onProgress }) {
  /**
   * @param {string} name
   * @param {{ built: string, watched: { command: string, args: string[], cwd?: string } }} how
   * @param {NodeJS.ProcessEnv} own
   * @param {string} readyUrl
   */
  const one = (name, { built, watched }, own, readyUrl) =>
    supervise({
      name,
      dir,
      cwd: repository,
      ...(isWatching ? watched : { command: process.execPath, args: [built] }),
      env: { ...env, ...own },
      isReady: () => answersOk(readyUrl),
      stopWithinMs: 25_000, // ours hand back their work within 20 s
      wholeGroup: isWatching, // a watcher runs the process as its child
      onProgress,
    });
  const app = (/** @type {string} */ name) => ({
    built: `apps/${name}/dist/main.mjs`,
    watched: { command: bin("tsx"), args: ["watch", "--clear-screen=false", `apps/${name}/src/main.ts`] },
  });
  const web = {
    built: "apps/web/.next/standalone/apps/web/server.js",
    watched: { command: bin("next"), args: ["dev"], cwd: join(repository, "apps/web") },
  };
  const webEnv = {
    ...(isWatching ? {} : boundedMemory(env, consoleBounds)),
    PORT: String(ports.web),
    HOSTNAME: "127.0.0.1",
    CONSOLE_URL: `http://localhost:${ports.web}`,
    API_URL: `http://localhost:${ports.api}`,
    API_HEALTH_URL: local(ports.api),
    CONSUMER_HEALTH_URL: local(ports.consumerHealth),
    WORKER_HEALTH_URL: local(ports.workerHealth),
    URGENT_WORKER_HEALTH_URL: local(ports.urgentWorkerHealth),
    MAILBOX_URL: `http://localhost:${ports.mailbox}`,
    OPERATOR_SECOND_FACTOR: "optional", // reached from this machine alone
  };
  const healthPort = (/** @type {number} */ port) => ({ ...boundedMemory(env), HEALTH_PORT: String(port) });
  return {
    api: one("api", app("api"), { ...boundedMemory(env), PORT: String(ports.api) }, local(ports.api, "/readyz")),
    consumer: one(
      "consumer",
      app("consumer"),
      healthPort(ports.consumerHealth),
      local(ports.consumerHealth, "/readyz"),
    ),
    worker: one(
      "worker",
      app("worker"),
      { ...healthPort(ports.workerHealth), LANES: "others" },
      local(ports.workerHealth, "/readyz"),
    ),
    urgentWorker: one(
      "urgent-worker",
      app("worker"),
      { ...healthPort(ports.urgentWorkerHealth), LANES: "urgent" },
      local(ports.urgentWorkerHealth, "/readyz"),
    ),
    web: one("web", web, webEnv, local(ports.web, "/healthz")),
  };
}

/**
 * One more process of a kind, as built, beside the one that `ourProcesses` has.
 * @param {{ kind: "api" | "consumer" | "worker", name: string, port: number, dir: string, env: NodeJS.ProcessEnv, onProgress: (message: string) => void }} options
 */
export function anotherProcess({ kind, name, port, dir, env, onProgress }) {
  return supervise({
    name,
    dir,
    cwd: repository,
    command: process.execPath,
    args: [`apps/${kind}/dist/main.mjs`],
    env: { ...env, ...boundedMemory(env), [kind === "api" ? "PORT" : "HEALTH_PORT"]: String(port) },
    isReady: () => answersOk(local(port, "/readyz")),
    stopWithinMs: 25_000,
    onProgress,
  });
}

/**
 * Node gives a heap all the time in the world to grow before it collects it, and the allocator keeps what was given back,
 * for each thread. Ours live in some 80 MB: bounded to three times that, a process stays under 300 MB. The first number
 * also tells V8 how far to let garbage gather: at 160 it collects everything twice as often. NODE_OPTIONS of your own
 * replaces this.
 */
const boundedMemory = (/** @type {NodeJS.ProcessEnv} */ env, bounds = "--max-old-space-size=256") => ({
  NODE_OPTIONS: env.NODE_OPTIONS || bounds,
  MALLOC_ARENA_MAX: "2",
  MALLOC_TRIM_THRESHOLD_: "131072",
});

/** The console lives in 140 MB, once every page was looked at, and makes much that is soon dead: a small nursery. */
const consoleBounds = "--max-old-space-size=208 --max-semi-space-size=4";

/** @param {number} port @param {string} [path] */
function local(port, path = "") {
  return `http://127.0.0.1:${port}${path}`;
}

/** @param {string} url */
async function answersOk(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false; // not listening yet
  }
}
