import { inject } from "vitest";
import type { ConsoleConnection } from "./console";

/**
 * A migrated, empty Postgres database of the caller's own, for one suite.
 * @returns its URL
 */
export async function createTestDatabase(): Promise<string> {
  return ask<string>("POST", "databases");
}

/**
 * The Redis that all suites of a run share: use a namespace of your own, and never flush it.
 * @returns its URL
 */
export async function testRedisUrl(): Promise<string> {
  return ask<string>("GET", "redis");
}

/**
 * The Kafka that all suites of a run share: use topics of your own.
 * @returns `host:port,…`; null when this run's event log is Redis Streams
 */
export async function testKafkaBrokers(): Promise<string | null> {
  return ask<string | null>("GET", "kafka");
}

/** The console that all end-to-end tests of a run share, as `npm start` runs it: make people and tenants of your own. */
export async function testConsole(): Promise<ConsoleConnection> {
  return ask<ConsoleConnection>("GET", "console");
}

async function ask<Answer>(method: "GET" | "POST", service: string): Promise<Answer> {
  const response = await fetch(`${inject("servicesUrl")}/${service}`, { method });
  const answer = await response.json();
  if (!response.ok) throw new Error(`The test run could not give ${service}: ${answer}`);
  return answer as Answer;
}
