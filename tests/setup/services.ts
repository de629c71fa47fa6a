import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, stat } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "@tidings/db/migrate";
import { migrationsDirectory } from "@tidings/db/migrations-directory";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { findKafka, startKafka } from "../../scripts/services/kafka.mjs";
import { freePort } from "../../scripts/services/ports.mjs";
import { startPostgres } from "../../scripts/services/postgres.mjs";
import { startRedis } from "../../scripts/services/redis.mjs";
import { chooseEventLog } from "../../scripts/services/services.mjs";
import { isTaken, removeStateDir, takeStateDir } from "../../scripts/services/state-dir.mjs";
import { startConsole } from "./console";

declare module "vitest" {
  interface ProvidedContext {
    /** Where test files ask for services; `test-services.ts` does. */
    servicesUrl: string;
  }
}

const DIR_PREFIX = "tidings-test-";

/**
 * Vitest's global setup. Real services on free ports in a directory of their own, each started when the first test file asks for it,
 * so that pure tests wait for nothing.
 * @returns the teardown
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const say = (message: string) => process.stderr.write(`  ${message}\n`);
  const forced = process.env.TEST_EVENT_LOG;
  const choice = await chooseEventLog(forced === "kafka" || forced === "redis" ? forced : undefined, say);
  await removeLeftovers(say);
  const dir = await mkdtemp(join(tmpdir(), DIR_PREFIX));
  await chmod(dir, 0o755); // Postgres may run as another user than we do
  await takeStateDir(dir, say);

  const started: Promise<{ process: { stop(): Promise<unknown> } }>[] = [];
  function once<Service extends { process: { stop(): Promise<unknown> } }>(
    start: () => Promise<Service>,
  ): () => Promise<Service> {
    let starting: Promise<Service> | undefined;
    return () => {
      if (!starting) {
        starting = start();
        started.push(starting);
      }
      return starting;
    };
  }
  const redis = once(async () => startRedis({ dir, port: await freePort(), onProgress: say }));
  const kafka = once(async () => {
    const found = await findKafka();
    if ("missing" in found) throw new Error(found.missing);
    const ports = { port: await freePort(), controllerPort: await freePort() };
    return startKafka({ dir, ...ports, java: found.java, onProgress: say });
  });
  const running = process.env.TEST_CONSOLE; // the connection.json of one that is started already, while writing tests
  const consoleStack = once(async () =>
    running
      ? { connection: JSON.parse(await readFile(running, "utf8")), process: { stop: async () => {} } }
      : startConsole(say),
  );
  const postgres = once(async () => startPostgres({ dir, port: await freePort(), isDurable: false, onProgress: say }));
  let migrating: Promise<string> | undefined;

  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
    const asked = `${request.method} ${request.url}`;
    const answers: Record<string, () => Promise<unknown>> = {
      "POST /databases": async () => {
        migrating ??= postgres().then(async ({ url }) => {
          await migrate({ url, directory: migrationsDirectory });
          return url;
        });
        return createDatabase(await migrating);
      },
      "GET /console": async () => (await consoleStack()).connection,
      "GET /redis": async () => (await redis()).url,
      "GET /kafka": async () =>
        choice.kind === "redis" ? null : "brokers" in choice ? choice.brokers : (await kafka()).brokers,
    };
    const answering = answers[asked]?.() ?? Promise.reject(new Error(`no such service: ${asked}`));
    answering.then(
      (body) => answer(200, body),
      (error) => answer(500, String(error?.stack ?? error)),
    );
  });
  project.provide("servicesUrl", await listening(server));

  return async () => {
    server.closeAllConnections();
    server.close();
    const ended = await Promise.allSettled(started);
    await Promise.all(ended.map((one) => one.status === "fulfilled" && one.value.process.stop()));
    removeStateDir(dir);
  };
}

/** A copy of the migrated database, which itself stays empty. */
async function createDatabase(template: string): Promise<string> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const client = new Client({ connectionString: withDatabase(template, "postgres") });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name} TEMPLATE tidings`);
  } finally {
    await client.end();
  }
  return withDatabase(template, name);
}

function withDatabase(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Ends and removes what test runs that were killed have left in the temporary directory. */
async function removeLeftovers(say: (message: string) => void): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const dir = join(tmpdir(), name);
    if (!name.startsWith(DIR_PREFIX) || isTaken(dir)) continue;
    const { mtimeMs } = await stat(dir);
    if (Date.now() - mtimeMs < 60_000) continue; // perhaps about to be taken
    const release = await takeStateDir(dir, say);
    release();
    removeStateDir(dir);
  }
}
