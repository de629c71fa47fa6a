import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bin, ensurePackages, quietEnv, repository } from "./packages.mjs";
import { anotherProcess, localAccounts, mailboxProcess, ourProcesses } from "./processes.mjs";
import { installationSecret } from "./secrets.mjs";
import { mustRun } from "./services/command.mjs";
import { defaultPorts, freePort, releasePorts, settlePorts } from "./services/ports.mjs";
import { startServices } from "./services/services.mjs";
import { takeStateDir } from "./services/state-dir.mjs";

/** @typedef {import("./services/ports.mjs").PortName} PortName */
/** @typedef {import("./services/ports.mjs").Ports} Ports */
/** @typedef {import("./services/supervise.mjs").Supervised} Supervised */

/**
 * What a script has to know to talk to a stack; `<dir>/connection.json` holds it.
 * @typedef {object} Connection
 * @property {string} apiUrl
 * @property {string} consoleUrl
 * @property {string} mailboxUrl the mailbox's page; its port also answers for the other providers' fakes
 * @property {string} liveKey
 * @property {string} testKey
 * @property {{ email: string, password: string | null }} login the console's; no password once somebody chose another
 * @property {"kafka" | "redis"} eventLog
 * @property {string} databaseUrl
 * @property {string} redisUrl
 * @property {string | null} kafkaBrokers
 */

/**
 * @typedef {object} Stack
 * @property {Connection} connection
 * @property {Record<"mailbox" | "api" | "consumer" | "worker" | "urgentWorker" | "web", Supervised>} processes
 * @property {Record<"postgres" | "redis" | "kafka", Supervised | null>} services null for what others run
 * @property {Record<"api" | "consumer" | "worker" | "urgentWorker", string>} metricsUrls
 * @property {NodeJS.ProcessEnv} env what our processes were told, without their ports
 * @property {(kind: "api" | "consumer" | "worker", name: string, env?: NodeJS.ProcessEnv) => Promise<Supervised & { url: string }>} startAnother
 * one more process of a kind, and where it answers; it is stopped with the others
 * @property {() => Promise<void>} stop the processes first, so that they can hand back their work, then the services
 */

/**
 * Starts everything in a state directory: packages, services, build, migrations, demo tenant, processes.
 * @param {object} options
 * @param {string} options.dir absolute
 * @param {Partial<Ports>} [options.ports] asked for; the others are the defaults or the next free ones
 * @param {"kafka" | "redis"} [options.eventLog] forces one
 * @param {boolean} [options.isWatching] run the sources and reload them, instead of what was built
 * @param {boolean} [options.isHeadless] neither console nor mailbox: what measures the pipeline brings its own receivers
 * @param {Record<string, string | undefined>} [options.env] settings of our processes beyond and above those chosen here
 * @param {(message: string) => void} options.onProgress
 * @returns {Promise<Stack>}
 * @throws {Error} a sentence for people; nothing is left running then
 */
export async function startStack(options) {
  const { dir, ports: wanted = {}, eventLog, isWatching = false, isHeadless = false, env = {}, onProgress } = options;
  const giveBack = await takeStateDir(dir, onProgress);
  /** @type {(() => Promise<unknown>)[]} in the order they were started */
  const stops = [async () => giveBack()];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    const names = /** @type {PortName[]} */ (Object.keys(defaultPorts));
    const ports = await settlePorts(names, wanted, onProgress);
    stops.push(async () => releasePorts(Object.values(ports)));
    const url = (/** @type {PortName} */ name) => `http://localhost:${ports[name]}`;

    const packages = ensurePackages(onProgress);
    const building = handled(packages.then(() => build(isWatching, onProgress)));
    // The console takes longest to build, and nothing waits for it.
    const buildingConsole = handled(
      building.then(() => (isWatching || isHeadless ? undefined : buildConsole(onProgress))),
    );
    async function prepare(/** @type {string} */ databaseUrl) {
      await building;
      await operate({ args: ["migrate"], env: { ...quietEnv, DATABASE_URL: databaseUrl }, isWatching });
      onProgress("the database is migrated");
    }
    const starting = handled(startServices({ dir, ports, eventLog, packages, prepare, onProgress }));
    stops.push(() =>
      starting.then(
        (services) => services.stop(),
        () => {},
      ),
    );

    const run = async (/** @type {Supervised} */ one) => {
      await one.start();
      onProgress(`${one.name} is ready`);
    };
    const mailbox = mailboxProcess({ dir, ports, onProgress });
    stops.push(() => mailbox.stop());
    const mailboxReady = handled(packages.then(() => (isHeadless ? undefined : run(mailbox))));

    const services = await starting;
    const ourEnv = {
      ...quietEnv,
      NODE_ENV: isWatching ? "development" : "production",
      DATABASE_URL: services.databaseUrl,
      REDIS_URL: services.redisUrl,
      EVENT_LOG: services.eventLog,
      KAFKA_BROKERS: services.kafkaBrokers ?? undefined,
      TIDINGS_SECRET: installationSecret(dir),
      LOG_LEVEL: process.env.LOG_LEVEL ?? "info",
      TIDINGS_NAMESPACE: "tidings",
      // So that mails offer to unsubscribe and receipts have somewhere to go, on this machine.
      PUBLIC_URL: process.env.PUBLIC_URL ?? url("api"),
      // The local webhook sink is not public, and the only such address that may be reached.
      OUTBOUND_ALLOW: "127.0.0.1/32,::1/128",
      PROVIDER_ACCOUNTS: process.env.PROVIDER_ACCOUNTS ?? (await localAccounts(dir, ports)),
      ...env,
    };
    const ours = ourProcesses({ dir, ports, env: ourEnv, isWatching, onProgress });
    stops.push(() => Promise.all(Object.values(ours).map((one) => one.stop())));
    const demo = demoTenant({ dir, env: ourEnv, isWatching, onProgress });
    const { web, ...pipeline } = ours;
    const webReady = buildingConsole.then(() => (isHeadless ? undefined : run(web)));
    const [keys] = await Promise.all([demo, mailboxReady, webReady, ...Object.values(pipeline).map(run)]);

    /** @type {Connection} */
    const connection = {
      apiUrl: url("api"),
      consoleUrl: url("web"),
      mailboxUrl: url("mailbox"),
      ...keys,
      eventLog: services.eventLog,
      databaseUrl: services.databaseUrl,
      redisUrl: services.redisUrl,
      kafkaBrokers: services.kafkaBrokers,
    };
    writeConnection(dir, connection);
    /** @type {Stack["startAnother"]} */
    async function startAnother(kind, name, own = {}) {
      const port = await freePort();
      const more = anotherProcess({ kind, name, port, dir, env: { ...ourEnv, ...own }, onProgress });
      stops.push(() => more.stop());
      await run(more);
      return { ...more, url: `http://localhost:${port}` };
    }
    const metricsOf = (/** @type {PortName} */ name) => `${url(name)}/metrics`;
    const metricsUrls = {
      api: metricsOf("api"),
      consumer: metricsOf("consumerHealth"),
      worker: metricsOf("workerHealth"),
      urgentWorker: metricsOf("urgentWorkerHealth"),
    };
    const processes = { mailbox, ...ours };
    return { connection, processes, services: services.processes, metricsUrls, env: ourEnv, startAnother, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Keeps Node from ending us for a rejection that is awaited only later.
 * @template T
 * @param {Promise<T>} promise
 */
function handled(promise) {
  promise.catch(() => {});
  return promise;
}

/**
 * @param {boolean} isWatching sources need no build, only the client of the database
 * @param {(message: string) => void} onProgress
 */
async function build(isWatching, onProgress) {
  onProgress(isWatching ? "generating the database client" : "building what changed");
  await turbo(isWatching ? ["generate"] : ["build", "--filter=!@tidings/web"]);
  if (!isWatching) onProgress("the processes are built");
}

/** @param {(message: string) => void} onProgress */
async function buildConsole(onProgress) {
  await turbo(["build", "--filter=@tidings/web"]);
  onProgress("the console is built");
}

/** @param {string[]} args */
async function turbo(args) {
  await mustRun(bin("turbo"), ["run", ...args, "--output-logs=errors-only"], { cwd: repository, env: quietEnv });
}

/**
 * Runs a command of the operator's.
 * @param {{ args: string[], env: NodeJS.ProcessEnv, isWatching: boolean }} options
 */
function operate({ args, env, isWatching }) {
  const main = isWatching ? ["--import", "tsx", "apps/operator/src/main.ts"] : ["apps/operator/dist/main.mjs"];
  return mustRun(process.execPath, [...main, ...args], { cwd: repository, env });
}

/**
 * Makes the demo tenant, or finds it; keys and password of an earlier start are kept as long as they are valid.
 * @param {{ dir: string, env: NodeJS.ProcessEnv, isWatching: boolean, onProgress: (message: string) => void }} options
 * @returns {Promise<Pick<Connection, "liveKey" | "testKey" | "login">>}
 */
async function demoTenant({ dir, env, isWatching, onProgress }) {
  const { liveKey, testKey, login } = readConnection(dir) ?? {};
  const keep = liveKey && testKey ? ["--keep", `${liveKey},${testKey}`] : [];
  if (login?.password) keep.push("--keep-password", login.password);
  const answer = await operate({ args: ["demo", "--json", ...keep], env, isWatching });
  onProgress("the demo tenant is there");
  return JSON.parse(answer);
}

/**
 * @param {string} dir
 * @returns {Connection | undefined} of the last start
 */
function readConnection(dir) {
  const file = join(dir, "connection.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** @param {string} dir @param {Connection} connection */
function writeConnection(dir, connection) {
  const file = join(dir, "connection.json");
  writeFileSync(file, `${JSON.stringify(connection, null, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}
