import { randomUUID } from "node:crypto";
import { testRedisUrl } from "@tidings/tests/setup/test-services";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type AccountsHealth, createAccountsHealth, readAccountsHealth } from "./account-health";
import { createLogger } from "./logger";
import { connectRedis, type Redis } from "./redis";

const logger = createLogger({ name: "test", level: "silent" });
let redis: Redis;
let workers: AccountsHealth[];
let namespace: string;
/** Of the first worker. */
let turns: string[];
beforeEach(async () => {
  redis = connectRedis(await testRedisUrl(), () => {});
  namespace = `test-${randomUUID()}`;
  turns = [];
  workers = [
    createAccountsHealth({ redis, namespace, logger, onTurn: (id, circuit) => turns.push(`${id} ${circuit}`) }),
    createAccountsHealth({ redis, namespace, logger }),
  ];
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close()));
  redis.disconnect();
});

const circuits = (id: string) => workers.map((worker) => worker.of(id).circuit);
const eventually = (assertion: () => void) => vi.waitFor(assertion, { timeout: 15_000, interval: 20 });

test("what one worker meets opens the circuit for all, and only that account's", async () => {
  const [first] = workers as [AccountsHealth];
  circuits("bad");
  for (let i = 0; i < 10; i += 1) {
    first.record("bad", false, 5);
    first.record("good", true, 5);
  }
  await eventually(() => expect(circuits("bad")).toEqual(["open", "open"]));
  expect(circuits("good")).toEqual(["closed", "closed"]);
  await eventually(() => expect(workers[1]?.of("good").latencyMs).toBe(5));
});

test("a few failures among many that went well open nothing, and are told as a rate", async () => {
  const [first] = workers as [AccountsHealth];
  circuits("mixed");
  for (let i = 0; i < 20; i += 1) first.record("mixed", i % 5 !== 0, 10);
  await eventually(() => expect(workers[1]?.of("mixed").errorRate).toBeCloseTo(0.2));
  expect(circuits("mixed")).toEqual(["closed", "closed"]);
});

test("an account that is gone is known for it at once, however well it did before", async () => {
  const [first] = workers as [AccountsHealth];
  circuits("gone");
  for (let i = 0; i < 1_000; i += 1) first.record("gone", true, 5);
  await eventually(() => expect(workers[1]?.of("gone").latencyMs).toBe(5));
  for (let i = 0; i < 10; i += 1) first.record("gone", false, 5);
  await eventually(() => expect(circuits("gone")).toEqual(["open", "open"]));
});

/** Opens the circuit of an account and waits for it to be half-open. */
async function halfOpen(id: string): Promise<void> {
  circuits(id);
  for (let i = 0; i < 5; i += 1) workers[0]?.record(id, false, 1);
  await eventually(() => expect(circuits(id)).toEqual(["open", "open"]));
  await eventually(() => expect(circuits(id)).toEqual(["half-open", "half-open"]));
}

test("after a while one send is the probe, whoever has it; when it goes well the circuit closes for all", async () => {
  await halfOpen("mends");
  const [first, second] = workers as [AccountsHealth, AccountsHealth];
  expect(await Promise.all([second.takeProbe("mends"), second.takeProbe("mends")])).toEqual([true, false]);
  expect(await first.takeProbe("mends")).toBe(false);
  second.record("mends", true, 1);
  await eventually(() => expect(circuits("mends")).toEqual(["closed", "closed"]));
  expect(turns).toEqual(["mends open", "mends half-open", "mends closed"]);
});

test("a probe that sent nothing is anybody's again", async () => {
  await halfOpen("idle");
  const [first, second] = workers as [AccountsHealth, AccountsHealth];
  expect(await first.takeProbe("idle")).toBe(true);
  first.giveProbeBack("idle");
  await vi.waitFor(async () => expect(await second.takeProbe("idle")).toBe(true), { timeout: 2_000, interval: 20 });
}, 20_000);

test("a probe that fails keeps it open, longer than before", async () => {
  await halfOpen("broken");
  const [first] = workers as [AccountsHealth];
  expect(await first.takeProbe("broken")).toBe(true);
  first.record("broken", false, 1);
  await eventually(() => expect(circuits("broken")).toEqual(["open", "open"]));
  const [until] = await redis.hmget(`{${namespace}:accounts}:health:broken`, "until");
  const [seconds] = await redis.time();
  expect(Number(until) - Number(seconds) * 1_000).toBeGreaterThan(5_500);
}, 20_000);

test("who only looks sees what workers know, and takes no probe from them", async () => {
  const [first] = workers as [AccountsHealth];
  circuits("bad");
  for (let i = 0; i < 10; i += 1) first.record("bad", false, 5);
  first.record("good", true, 5);
  await eventually(() => expect(circuits("bad")).toEqual(["open", "open"]));

  const seen = await readAccountsHealth({ redis, namespace }, ["bad", "good", "unused"]);
  expect(seen.get("bad")).toEqual({ circuit: "open", errorRate: 1, latencyMs: 5 });
  expect(seen.get("good")).toEqual({ circuit: "closed", errorRate: 0, latencyMs: 5 });
  expect(seen.has("unused")).toBe(false);
});
