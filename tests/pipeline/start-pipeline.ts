import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createKey } from "@tidings/core/keys/create-key";
import { keyPepper } from "@tidings/core/keys/pepper";
import { createSecretHasher } from "@tidings/core/keys/secret-hasher";
import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import type { Mode } from "@tidings/shared/modes";
import { scopes } from "@tidings/shared/scopes";
import { freePort } from "../../scripts/services/ports.mjs";
import { createTestDatabase, testKafkaBrokers, testRedisUrl } from "../setup/test-services";

const repository = new URL("../..", import.meta.url).pathname;

/** A tenant of a test, with a key of each mode. */
export interface TestTenant {
  id: string;
  liveKey: string;
  testKey: string;
}

export interface Answer<Body = Record<string, unknown>> {
  status: number;
  body: Body;
  headers: Headers;
}

/** The real processes of the pipeline, on a database and a namespace of their own. */
export interface Pipeline {
  database: Database;
  databaseUrl: string;
  namespace: string;
  settings: Record<string, string>;
  apiUrl: string;
  createTenant(): Promise<TestTenant>;
  call<Body = Record<string, unknown>>(
    key: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<Body>>;
  /** A notification once it is settled. */
  settled(key: string, id: string): Promise<Story>;
  processes: Record<"api" | "consumer" | "worker", TestProcess>;
  stop(): Promise<void>;
}

/** What `GET /v1/notifications/{id}` tells. */
export interface Story {
  id: string;
  status: string;
  reason: string | null;
  deliveries: {
    id: string;
    channel: string;
    address: string;
    status: string;
    provider: string;
    reason: string | null;
    units: number;
    attempts: { number: number; outcome: string; provider: string; reason: string | null; startedAt: string }[];
  }[];
  timeline: { at: string; event: string; deliveryId?: string }[];
}

export interface TestProcess {
  start(): Promise<void>;
  /** @returns its exit code, null when the signal ended it */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts api, consumer and worker as processes of their own, from source. */
export async function startPipeline(env: Record<string, string> = {}): Promise<Pipeline> {
  const databaseUrl = await createTestDatabase();
  const brokers = await testKafkaBrokers();
  const platformSecret = randomBytes(32);
  const namespace = `t${randomUUID().slice(0, 8)}`;
  const settings: Record<string, string> = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: await testRedisUrl(),
    EVENT_LOG: brokers ? "kafka" : "redis",
    KAFKA_BROKERS: brokers ?? "",
    TIDINGS_SECRET: platformSecret.toString("base64"),
    TIDINGS_NAMESPACE: namespace,
    LOG_LEVEL: "warn",
    ...env,
  };
  const [apiPort, consumerPort, workerPort] = [await freePort(), await freePort(), await freePort()];
  const processes = {
    api: createProcess("apps/api/src/main.ts", { ...settings, PORT: String(apiPort) }, apiPort),
    consumer: createProcess(
      "apps/consumer/src/main.ts",
      { ...settings, HEALTH_PORT: String(consumerPort) },
      consumerPort,
    ),
    worker: createProcess("apps/worker/src/main.ts", { ...settings, HEALTH_PORT: String(workerPort) }, workerPort),
  };
  const database = openDatabase({ url: databaseUrl, poolSize: 4, applicationName: "tidings-test" });
  const hasher = createSecretHasher({ pepper: keyPepper(platformSecret) });
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  await Promise.all(Object.values(processes).map((one) => one.start()));

  async function call<Body>(key: string, method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const response = await fetch(apiUrl + path, {
      method,
      headers: { "x-api-key": key, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : {}) as Body };
  }

  return {
    database,
    databaseUrl,
    namespace,
    settings,
    apiUrl,
    processes,
    call,
    async createTenant() {
      const { id } = await createTestTenant(database);
      const keyOf = async (mode: Mode) => {
        const body = { name: mode, mode, scopes: [...scopes], expiresAt: undefined };
        return (await createKey({ database, hasher }, id, body)).text;
      };
      return { id, liveKey: await keyOf("live"), testKey: await keyOf("test") };
    },
    async settled(key, id) {
      for (;;) {
        const { body } = await call<Story>(key, "GET", `/v1/notifications/${id}`);
        if (!["PENDING", "PROCESSING", "SCHEDULED"].includes(body.status)) return body;
        await new Promise((resolve) => setTimeout(resolve, 20)); // polled as a tenant would; the test's time limit ends it
      }
    },
    async stop() {
      await Promise.all(Object.values(processes).map((one) => one.stop()));
      await hasher.close();
      await database.$disconnect();
    },
  };
}

function createProcess(file: string, env: Record<string, string>, port: number): TestProcess {
  let child: ChildProcess | null = null;
  return {
    async start() {
      const path = { PATH: process.env.PATH ?? "", NODE_OPTIONS: "" };
      const started = spawn(process.execPath, ["--import", "tsx", file], {
        cwd: repository,
        env: { ...path, ...env },
        stdio: ["ignore", "inherit", "inherit"],
      });
      child = started;
      const died = once(started, "exit").then(([code]) => {
        if (child === started) throw new Error(`${file} ended with code ${code} before it was ready`);
      });
      died.catch(() => {}); // told to whoever still waits for the start
      await Promise.race([answers(`http://127.0.0.1:${port}/readyz`), died]);
    },
    async stop(signal = "SIGTERM") {
      const ending = child;
      child = null;
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return ending?.exitCode ?? null;
      const exited = once(ending, "exit");
      ending.kill(signal);
      const [code] = (await exited) as [number | null];
      return code;
    },
  };
}

async function answers(url: string): Promise<void> {
  for (;;) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0, // not listening yet
    );
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
