import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { newUuid } from "@tidings/shared/ids";
import { plans } from "@tidings/shared/plans";
import type { Priority } from "@tidings/shared/priorities";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { createQuotaMeter, type QuotaHolder, type QuotaMeter } from "./quota-meter";

const { sms: quota } = plans.free.monthlyUnits;
const grace = Math.floor(quota * plans.free.criticalGrace);
const start = Date.parse("2026-11-21T12:00:00Z");
let database: Database;
let holder: QuotaHolder;
let clock: number;
let meter: QuotaMeter;
const logger = createLogger({ name: "test", level: "silent" });
const now = () => clock;

beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 4, applicationName: "test" });
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  clock = start;
  holder = { tenantId: (await createTestTenant(database)).id, mode: "live", plan: "free" };
  meter = createQuotaMeter({ database, logger, now });
});

interface Wish {
  channels?: string[];
  priority?: Priority;
  sendAt?: Date | null;
}

async function take(times: number, wish: Wish = {}, of: QuotaMeter = meter, who: QuotaHolder = holder) {
  const notification = { channels: ["sms"], priority: "normal" as Priority, sendAt: null, ...wish };
  for (let time = 0; time < times; time += 1) await of.take(who, notification);
}

const full = { code: "quota_exceeded" };

interface Used {
  mode?: string;
  day?: string;
  sent?: number;
  failed?: number;
  units?: number;
}

async function use(accepted: number, row: Used = {}): Promise<void> {
  const { mode = "live", day = "2026-11-21", ...outcomes } = row;
  const common = { tenantId: holder.tenantId, mode, channel: "sms", provider: "", category: newUuid().slice(0, 8) };
  await database.usage.create({ data: { ...common, ...outcomes, day: new Date(day), accepted } });
}

async function waiting(status: string, dueAt: Date, channels = ["sms"]): Promise<void> {
  const { tenantId } = holder;
  const id = newUuid();
  const row = { id, tenantId, mode: "live", status, priority: 2, bulk: false, addresses: {}, channels, requestId: "r" };
  await database.notification.create({ data: { ...row, createdAt: new Date() } });
  await database.schedule.create({ data: { notificationId: id, tenantId, dueAt } });
}

describe("a hard quota", () => {
  it("lets exactly as many through as it grants, and tells when the next month begins", async () => {
    await use(10);
    await take(quota - 10);
    await expect(take(1)).rejects.toMatchObject({
      ...full,
      message: `The plan's ${quota} sms units of 2026-11 are used up.`,
      retryAfterSeconds: (Date.parse("2026-12-01") - start) / 1_000,
    });
  });

  it("counts what was sent by its segments, what failed not at all, and what is under way as one", async () => {
    await use(12, { sent: 8, units: 20, failed: 1 });
    await take(quota - 20 - 3);
    await expect(take(1)).rejects.toMatchObject(full);
  });

  it("lets critical notifications go over it by the plan's grace", async () => {
    await use(quota);
    await expect(take(1, { priority: "high" })).rejects.toMatchObject(full);
    await take(grace, { priority: "critical" });
    await expect(take(1, { priority: "critical" })).rejects.toMatchObject(full);
  });

  it("counts each channel by itself, and takes nothing of the others when one is full", async () => {
    await use(quota);
    const email = plans.free.monthlyUnits.email;
    await expect(take(email + 1, { channels: ["email", "sms"] })).rejects.toMatchObject(full);
    await take(email, { channels: ["email"] });
    await expect(take(1, { channels: ["email"] })).rejects.toMatchObject(full);
  });

  it("counts what waits to be routed or is scheduled for the month, and not what is routed", async () => {
    await waiting("PENDING", new Date(start));
    await waiting("SCHEDULED", new Date("2026-11-30T23:00:00Z"), ["sms", "push"]);
    await waiting("PROCESSING", new Date(start));
    await waiting("SCHEDULED", new Date("2026-12-01T00:00:00Z"));
    await take(quota - 2);
    await expect(take(1)).rejects.toMatchObject(full);
  });

  it("holds a schedule against the month it is for", async () => {
    await use(quota);
    const sendAt = new Date("2026-12-24T12:00:00Z");
    await take(quota, { sendAt });
    await expect(take(1, { sendAt })).rejects.toMatchObject(full);
  });

  it("is new with the next month", async () => {
    await use(quota);
    await expect(take(1)).rejects.toMatchObject(full);
    clock = Date.parse("2026-12-01T00:00:00Z");
    await take(quota);
  });

  it("sees within seconds what other processes took, without making anybody wait", async () => {
    await take(1);
    await use(quota);
    await take(1);
    clock += 5_000;
    expect(meter.take(holder, { channels: ["sms"], priority: "normal", sendAt: null })).toBeUndefined();
    await vi.waitFor(() => expect(take(1)).rejects.toMatchObject(full));
  });

  it("forgets what it took once the rows tell, so that nothing is counted twice", async () => {
    const readings: Promise<unknown>[] = [];
    const watched = proxied((query) => {
      readings.push(query());
      return readings.at(-1);
    });
    const watchedMeter = createQuotaMeter({ database: watched, logger, now });
    await take(20, {}, watchedMeter);
    await use(20);
    clock += 5_000;
    await take(1, {}, watchedMeter); // begins the second reading, which does not see it
    await Promise.all(readings);
    expect(readings).toHaveLength(2);
    await take(quota - 21, {}, watchedMeter);
    await expect(take(1, {}, watchedMeter)).rejects.toMatchObject(full);
  });

  it("does not answer from a count that is a minute old", async () => {
    await take(1);
    await use(quota);
    clock += 60_001;
    await expect(take(1)).rejects.toMatchObject(full);
  });
});

/** The database, with somebody between it and those who query it. */
function proxied(between: (query: () => Promise<unknown>) => unknown): Database {
  return new Proxy(database, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name !== "$queryRaw") return value;
      return (...args: unknown[]) =>
        between(() => (value as (...args: unknown[]) => Promise<unknown>).apply(target, args));
    },
  });
}

describe("nothing is refused, and nothing asked of the database,", () => {
  it.each<[string, Partial<QuotaHolder>, Wish]>([
    ["in test mode", { mode: "test" }, {}],
    ["on a plan without quotas", { plan: "unlimited" }, {}],
    ["on a plan whose quotas are soft", { plan: "growth" }, {}],
    ["on a channel without a quota", {}, { channels: ["pigeon"] }],
  ])("%s", async (_, change, wish) => {
    await use(10_000_000);
    await use(10_000_000, { mode: "test" });
    const away = createQuotaMeter({ database: {} as Database, logger, now });
    await take(3, wish, away, { ...holder, ...change });
  });
});

it("goes on with the last count while Postgres is away, and says so", async () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const loud = createLogger({ name: "test", level: "warn", destination });
  let isAway = false;
  const flaky = proxied((query) => (isAway ? Promise.reject(new Error("Postgres is away")) : query()));
  const meter = createQuotaMeter({ database: flaky, logger: loud, now });
  await take(1, {}, meter);
  isAway = true;
  clock += 5_000;
  await take(1, {}, meter);
  await vi.waitFor(() => expect(lines.join("")).toContain("a quota could not be read; the last count stays"));
  await take(quota - 2, {}, meter);
  await expect(take(1, {}, meter)).rejects.toMatchObject(full);
});
