import { randomUUID } from "node:crypto";
import { createAuthenticator } from "@tidings/core/keys/authenticate";
import { keyPepper, passwordPepper } from "@tidings/core/keys/pepper";
import { createSecretHasher, passwordCost } from "@tidings/core/keys/secret-hasher";
import { openDatabase } from "@tidings/db/client";
import { migrationsDirectory } from "@tidings/db/migrations-directory";
import { afterAll, expect } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import type { OperatorSettings } from "../env";
import { runOperator } from "../run-operator";

/** How a command ended, and what it printed. */
export interface Run {
  code: number;
  out: string;
  err: string;
}

/** The operator's commands on a database of their own, closed when the file's tests are over. */
export async function startTidings() {
  const platformSecret = Buffer.alloc(32, 1);
  const databaseUrl = await createTestDatabase();
  const redisUrl = await testRedisUrl();
  const database = openDatabase({ url: databaseUrl, poolSize: 5, applicationName: "test" });
  const hasher = createSecretHasher({ pepper: keyPepper(platformSecret) });
  const passwords = createSecretHasher({ pepper: passwordPepper(platformSecret), cost: passwordCost });
  afterAll(() => Promise.all([hasher.close(), passwords.close(), database.$disconnect()]));

  const namespace = `test-${randomUUID().slice(0, 8)}`;
  const settings: OperatorSettings = {
    databaseUrl: () => databaseUrl,
    redisUrl: () => redisUrl,
    platformSecret: () => platformSecret,
    previousSecrets: () => [],
    namespace: () => namespace,
    requestsPerSecond: () => 1_000,
    migrationsDirectory: () => migrationsDirectory,
    publicUrl: () => "https://notify.example.com",
    platformAccounts: () => [],
    stripe: () => ({}),
  };

  async function tidings(words: string[], changed: Partial<OperatorSettings> = {}): Promise<Run> {
    const out: string[] = [];
    const err: string[] = [];
    const code = await runOperator({
      words,
      settings: { ...settings, ...changed },
      print: (text) => void out.push(text),
      complain: (text) => void err.push(text),
    });
    return { code, out: out.join("\n"), err: err.join("\n") };
  }

  /** Runs a command that must succeed, and reads what it prints with `--json`. */
  async function ask<Data>(...words: string[]): Promise<Data> {
    const { code, out, err } = await tidings([...words, "--json"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    return JSON.parse(out) as Data;
  }

  /** @returns the slug of a new tenant */
  async function makeTenant(): Promise<string> {
    const slug = `acme-${randomUUID().slice(0, 8)}`;
    await ask("tenant", "create", "--name", "Acme", "--slug", slug);
    return slug;
  }

  const authenticate = (key: string) => createAuthenticator({ database, hasher }).authenticate(key, "test");
  return { platformSecret, databaseUrl, database, passwords, tidings, ask, makeTenant, authenticate };
}
