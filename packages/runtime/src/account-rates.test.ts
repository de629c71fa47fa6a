import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, expect, test } from "vitest";
import { testRedisUrl } from "../../../tests/setup/test-services";
import { type AccountRates, createAccountRates, type Turn } from "./account-rates";
import { createLogger } from "./logger";
import { connectRedis } from "./redis";

const redis = connectRedis(await testRedisUrl(), () => {});
afterAll(() => redis.disconnect());
const logger = createLogger({ name: "test", level: "silent" });

let namespace: string;
let rates: AccountRates;
beforeEach(() => {
  namespace = `test-${randomUUID()}`;
  rates = createAccountRates({ redis, namespace, logger });
});

const slow = { perSecond: 1, burst: 3 };
const take = (account = "acc", isUrgent = true, from = rates) => from.take({ account, rate: slow, isUrgent });
const takeMany = (count: number) => Promise.all(Array.from({ length: count }, () => take()));
const askInMs = (turn: Turn) => ("askInMs" in turn ? turn.askInMs : -1);

test("after its burst an account has a turn when its rate allows, with all workers together", async () => {
  expect(await takeMany(3)).toEqual([{ sendInMs: 0 }, { sendInMs: 0 }, { sendInMs: 0 }]);
  const another = createAccountRates({ redis, namespace, logger });
  const refused = askInMs(await take("acc", false, another));
  expect(refused).toBeGreaterThan(250);
  expect(refused).toBeLessThanOrEqual(2_000);
  expect(await take("other")).toEqual({ sendInMs: 0 });
});

test("what is urgent takes the next turns of two seconds, and others come after it", async () => {
  await takeMany(3);
  const [first, second, third] = (await takeMany(3)).map((turn) => ("sendInMs" in turn ? turn.sendInMs : null));
  expect(first).toBeGreaterThan(900);
  expect(second).toBeGreaterThan(1_900);
  expect(third).toBeNull();
  expect(askInMs(await take("acc", false))).toBeGreaterThan(2_500);
});

test("what asks in vain takes nothing from those that ask in time, and all but urgent ones come back later, spread out", async () => {
  await takeMany(20);
  const others = await Promise.all(Array.from({ length: 20 }, () => take("acc", false)));
  for (const turn of others) expect(askInMs(turn)).toBeGreaterThanOrEqual(1_000);
  expect(new Set(others.map(askInMs)).size).toBeGreaterThan(10);
  await expect.poll(async () => "sendInMs" in (await take()), { interval: 50, timeout: 2_000 }).toBe(true);
});

test("a turn that is near is taken, and each after it is one later", async () => {
  const quick = { perSecond: 20, burst: 1 };
  const turns = await Promise.all(
    Array.from({ length: 4 }, () => rates.take({ account: "acc", rate: quick, isUrgent: false })),
  );
  const waits = turns.map((turn) => ("sendInMs" in turn ? turn.sendInMs : -1));
  expect(waits).toEqual([0, 50, 100, 150]);
});

test("what a message took beyond its turn keeps the next ones waiting", async () => {
  await take();
  rates.owe("acc", slow, 5);
  await expect.poll(async () => askInMs(await take()), { timeout: 2_000 }).toBeGreaterThan(3_000);
});

test("without Redis everything may go", async () => {
  const away = connectRedis("redis://127.0.0.1:1", () => {});
  try {
    expect(await take("acc", true, createAccountRates({ redis: away, namespace, logger }))).toEqual({ sendInMs: 0 });
  } finally {
    away.disconnect();
  }
});
