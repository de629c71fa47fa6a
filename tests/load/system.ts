import { join } from "node:path";
import { createKey } from "@tidings/core/keys/create-key";
import { keyPepper } from "@tidings/core/keys/pepper";
import { createSecretHasher } from "@tidings/core/keys/secret-hasher";
import { createTemplate } from "@tidings/core/templates/create-template";
import { publishTemplate } from "@tidings/core/templates/publish-template";
import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import type { Mode } from "@tidings/shared/modes";
import { repository } from "../../scripts/packages.mjs";
import { removeStateDir } from "../../scripts/services/state-dir.mjs";
import { type Stack, startStack } from "../../scripts/stack.mjs";
import { type Generator, startGenerator } from "./generator-process";
import { oneTimeCode } from "./one-time-code";
import { type Sink, startSink } from "./sink-process";

export interface LoadTenant {
  id: string;
  /** API key. */
  key: string;
}

/** The real processes, as built, on real services in a directory of their own, with a load generator and receivers. */
export interface System {
  stack: Stack;
  database: Database;
  generator: Generator;
  sink: Sink;
  apiPort: number;
  /** Tenants with a key each and the published template `one_time_code`. */
  createTenants(count: number, mode: Mode): Promise<LoadTenant[]>;
  stop(): Promise<void>;
}

export interface SystemOptions {
  /** Names the directory in the repository; what an earlier run left there is removed. */
  name: string;
  eventLog?: "kafka" | "redis";
  /** Settings of our processes. */
  env?: NodeJS.ProcessEnv;
  onProgress(message: string): void;
}

export async function startSystem({ name, eventLog, env = {}, onProgress }: SystemOptions): Promise<System> {
  const dir = join(repository, ".tidings", name);
  removeStateDir(dir);
  const sink = await startSink();
  const generator = startGenerator();
  const mailServer = (id: string, port: number) => ({
    id,
    provider: "smtp",
    config: { host: "127.0.0.1", port, from: "Tidings <hello@tidings.local>" },
  });
  const stack = await startStack({
    dir,
    ...(eventLog && { eventLog }),
    isHeadless: true,
    env: {
      LOG_LEVEL: "warn",
      REQUESTS_PER_SECOND: "1000000", // what is measured is the pipeline, not its limits
      PROVIDER_ACCOUNTS: JSON.stringify([mailServer("first", sink.smtpPort), mailServer("spare", sink.spareSmtpPort)]),
      ...env,
    },
    onProgress,
  });
  const database = openDatabase({ url: stack.connection.databaseUrl, poolSize: 10, applicationName: "tidings-load" });
  const secret = Buffer.from(stack.env.TIDINGS_SECRET as string, "base64");
  const hasher = createSecretHasher({ pepper: keyPepper(secret) });

  async function createTenant(mode: Mode): Promise<LoadTenant> {
    const { id } = await createTestTenant(database);
    await createTemplate(database, id, oneTimeCode);
    await publishTemplate(database, id, oneTimeCode.key);
    const body = { name: "load", mode, scopes: ["send" as const], expiresAt: undefined };
    return { id, key: (await createKey({ database, hasher }, id, body)).text };
  }

  return {
    stack,
    database,
    generator,
    sink,
    apiPort: Number(new URL(stack.connection.apiUrl).port),
    async createTenants(count, mode) {
      const tenants: LoadTenant[] = [];
      while (tenants.length < count) tenants.push(await createTenant(mode));
      return tenants;
    },
    async stop() {
      await hasher.close();
      await database.$disconnect();
      await stack.stop();
      await Promise.all([sink.stop(), generator.stop()]);
    },
  };
}
