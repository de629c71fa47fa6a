import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrationsDirectory } from "@tidings/db/migrations-directory";
import { EnvError } from "@tidings/runtime/read-env";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readOperatorSettings } from "./env";

const secret = Buffer.alloc(32, 1);
const environment = {
  DATABASE_URL: "postgres://here/tidings",
  REDIS_URL: "redis://here",
  TIDINGS_SECRET: secret.toString("base64"),
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tidings-operator-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** As `npm start` leaves it. */
function runHere(): void {
  const connection = { databaseUrl: "postgres://started/tidings", redisUrl: "redis://started", liveKey: "…" };
  writeFileSync(join(directory, "connection.json"), JSON.stringify(connection));
  writeFileSync(join(directory, "secret"), `${Buffer.alloc(32, 2).toString("base64")}\n`);
}

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    throw error;
  }
  return "was read";
}

describe("readOperatorSettings", () => {
  it("reads the environment", () => {
    const settings = readOperatorSettings(
      { ...environment, TIDINGS_NAMESPACE: "ours", MIGRATIONS_DIR: "/m" },
      directory,
    );
    expect(settings.databaseUrl()).toBe("postgres://here/tidings");
    expect(settings.redisUrl()).toBe("redis://here");
    expect(settings.platformSecret()).toEqual(secret);
    expect(settings.previousSecrets()).toEqual([]);
    expect(settings.namespace()).toBe("ours");
    expect(settings.migrationsDirectory()).toBe("/m");
  });

  it("finds the migrations of the repository and the usual namespace by itself", () => {
    const settings = readOperatorSettings(environment, directory);
    expect(settings.migrationsDirectory()).toBe(migrationsDirectory);
    expect(settings.namespace()).toBe("tidings");
    expect(settings.requestsPerSecond()).toBe(1_000);
  });

  it("falls back to the Tidings that npm start runs", () => {
    runHere();
    const settings = readOperatorSettings({ DATABASE_URL: "" }, directory);
    expect(settings.databaseUrl()).toBe("postgres://started/tidings");
    expect(settings.redisUrl()).toBe("redis://started");
    expect(settings.platformSecret()).toEqual(Buffer.alloc(32, 2));
  });

  it("never mixes the two", () => {
    runHere();
    const given = readOperatorSettings({ DATABASE_URL: environment.DATABASE_URL }, directory);
    expect(messageOf(given.platformSecret)).toMatch("TIDINGS_SECRET: is not set");
    const started = readOperatorSettings({ TIDINGS_SECRET: environment.TIDINGS_SECRET }, directory);
    expect(started.platformSecret()).toEqual(Buffer.alloc(32, 2));
  });

  it("says what to set, and where else it would have looked", () => {
    const settings = readOperatorSettings({}, directory);
    expect(messageOf(settings.databaseUrl)).toMatch(/DATABASE_URL: is not set .*\nOr run this where `npm start`/);
  });

  it("does not send anybody to npm start for a value that is wrong, or that it does not leave", () => {
    const missing = messageOf(readOperatorSettings({}, directory).publicUrl);
    expect(missing).toMatch("PUBLIC_URL: is not set");
    expect(missing).not.toMatch("npm start");
    const settings = readOperatorSettings({ TIDINGS_NAMESPACE: "No!" }, directory);
    expect(messageOf(settings.namespace)).toMatch("TIDINGS_NAMESPACE: ");
    expect(messageOf(settings.namespace)).not.toMatch("npm start");
  });

  it("says when connection.json is damaged", () => {
    writeFileSync(join(directory, "connection.json"), "{");
    expect(messageOf(readOperatorSettings({}, directory).databaseUrl)).toMatch("connection.json is damaged");
  });
});
