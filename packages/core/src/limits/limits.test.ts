import { randomUUID } from "node:crypto";
import { channels } from "@tidings/channels/registry";
import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createFairQueue, type FairQueue } from "@tidings/runtime/fair-queue";
import { createLogger } from "@tidings/runtime/logger";
import { connectRedis } from "@tidings/runtime/redis";
import { newUuid } from "@tidings/shared/ids";
import { plans } from "@tidings/shared/plans";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { getLimitSettings } from "./get-limit-settings";
import { getLimits } from "./get-limits";
import type { LimitQueues } from "./limit-queues";
import { publicLimits, setChannelLimitBody } from "./limit-schemas";
import { removeChannelLimit } from "./remove-channel-limit";
import { setChannelLimit } from "./set-channel-limit";
import { setOwnRequestLimit } from "./set-own-request-limit";
import { setRequestLimit } from "./set-request-limit";
import { syncLimits } from "./sync-limits";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
const redis = connectRedis(await testRedisUrl(), () => {});
afterAll(async () => {
  redis.disconnect();
  await database.$disconnect();
});

const lines: string[] = [];
const logger = createLogger({ name: "test", level: "info", destination: { write: (line) => void lines.push(line) } });

let tenantId: string;
let queues: Map<string, FairQueue>;
let deps: LimitQueues & { database: typeof database; logger: typeof logger };
beforeEach(async () => {
  lines.length = 0;
  await database.channelLimit.deleteMany(); // syncLimits is about all tenants
  await database.ownChannelLimit.deleteMany();
  tenantId = (await createTestTenant(database)).id;
  const namespace = `test-${randomUUID()}`;
  queues = new Map([...channels.keys()].map((channel) => [channel, createFairQueue(redis, namespace, channel)]));
  deps = { database, logger, fairQueueOf: (channel) => queues.get(channel) as FairQueue };
});

/** The tenant's limits, by who sets them. */
const ofOperator = (channel: string, of = tenantId) => ({ tenantId: of, channel, setBy: "operator" }) as const;
const ofTeam = (channel: string) => ({ tenantId, channel, setBy: "team" }) as const;

/** Redis is away. */
const unreachable: LimitQueues = {
  fairQueueOf: () => {
    const refuse = () => Promise.reject(new Error("Redis is away"));
    return { setRate: refuse, setRates: refuse };
  },
};

/** How many of many waiting deliveries a tenant may send at once. */
async function admitted(channel: string): Promise<number> {
  const queue = queues.get(channel) as FairQueue;
  await queue.push(Array.from({ length: 100 }, () => ({ id: newUuid(), tenantId, priority: 2 })));
  const { groups } = await queue.admit({ urgent: 100, others: 100 }, 60_000);
  await Promise.all(groups.map(({ token }) => queue.finish(token, [])));
  return groups.flatMap(({ entries }) => entries).length;
}

describe("a channel limit", () => {
  it("holds at once for its channel alone", async () => {
    await setChannelLimit(deps, ofOperator("email"), { perSecond: 1, burst: 7 });
    expect(await admitted("email")).toBe(7);
    expect(await admitted("sms")).toBe(100);
  });

  it("allows a second's worth at once unless told", async () => {
    expect(await setChannelLimit(deps, ofOperator("email"), { perSecond: 3 })).toEqual({
      before: null,
      after: { perSecond: 3, burst: 3 },
    });
  });

  it("can be changed and lifted", async () => {
    await setChannelLimit(deps, ofOperator("email"), { perSecond: 1, burst: 7 });
    expect(await setChannelLimit(deps, ofOperator("email"), { perSecond: 2, burst: 9 })).toEqual({
      before: { perSecond: 1, burst: 7 },
      after: { perSecond: 2, burst: 9 },
    });
    expect(await removeChannelLimit(deps, ofOperator("email"))).toEqual({ perSecond: 2, burst: 9 });
    expect(await admitted("email")).toBe(100);
    await expect(removeChannelLimit(deps, ofOperator("email"))).rejects.toMatchObject({ code: "not_found" });
  });

  it("of another tenant is left alone", async () => {
    const { id: other } = await createTestTenant(database);
    await setChannelLimit(deps, ofOperator("email", other), { perSecond: 1 });
    await expect(removeChannelLimit(deps, ofOperator("email"))).rejects.toMatchObject({ code: "not_found" });
    expect((await getLimits(database, other, 1_000)).channels).toHaveLength(1);
  });

  it("is refused for a channel that does not exist", async () => {
    await expect(setChannelLimit(deps, ofOperator("pigeon"), { perSecond: 1 })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("is stored although Redis is away, which is said", async () => {
    await setChannelLimit({ ...deps, ...unreachable }, ofOperator("email"), { perSecond: 1, burst: 7 });
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      msg: "limit stored; it takes effect with the next sync",
      tenantId,
    });
    await syncLimits(deps);
    expect(await admitted("email")).toBe(7);
  });
});

describe("syncLimits", () => {
  it("sets the stored limits of all tenants again after Redis has lost them", async () => {
    const { id: other } = await createTestTenant(database);
    await setChannelLimit(deps, ofOperator("sms", other), { perSecond: 5 });
    await setChannelLimit(deps, ofOperator("email"), { perSecond: 1, burst: 7 });
    await queues.get("email")?.setRate({ tenantId }, null);
    expect(await syncLimits(deps)).toHaveLength(2);
    expect(await admitted("email")).toBe(7);
  });

  it("lifts what was removed while Redis was away", async () => {
    await setChannelLimit(deps, ofOperator("email"), { perSecond: 1, burst: 7 });
    const before = await syncLimits(deps);
    await removeChannelLimit({ ...deps, ...unreachable }, ofOperator("email"));
    expect(await syncLimits(deps, before)).toEqual([]);
    expect(await admitted("email")).toBe(100);
  });

  it("tells its caller when Redis is away", async () => {
    await setChannelLimit(deps, ofOperator("email"), { perSecond: 1 });
    await expect(syncLimits({ ...deps, ...unreachable })).rejects.toThrow("Redis is away");
  });
});

it("lists a tenant's own limits as the contract says", async () => {
  expect(await getLimits(database, tenantId, 1_000)).toEqual({
    plan: "unlimited",
    requestsPerSecond: 1_000,
    requestsSetBy: "platform",
    channels: [],
    quotas: [],
  });
  const { id: other } = await createTestTenant(database);
  await setChannelLimit(deps, ofOperator("email", other), { perSecond: 1 });
  await setChannelLimit(deps, ofOperator("sms"), { perSecond: 2, burst: 4 });
  await setChannelLimit(deps, ofOperator("email"), { perSecond: 3 });
  await setRequestLimit(database, tenantId, 50);
  expect(publicLimits.strict().parse(await getLimits(database, tenantId, 1_000))).toEqual({
    plan: "unlimited",
    requestsPerSecond: 50,
    requestsSetBy: "operator",
    channels: [
      { channel: "email", perSecond: 3, burst: 3, setBy: "operator" },
      { channel: "sms", perSecond: 2, burst: 4, setBy: "operator" },
    ],
    quotas: [],
  });
});

describe("a plan's send rate", () => {
  const { email } = plans.free.sendRate;
  beforeEach(() => database.tenant.update({ where: { id: tenantId }, data: { plan: "free" } }));
  // syncLimits is about all tenants
  afterEach(() => database.tenant.update({ where: { id: tenantId }, data: { plan: "unlimited" } }));

  it("holds where the operator has set none", async () => {
    await syncLimits(deps);
    expect(await admitted("email")).toBe(email);
  });

  it("gives way to the operator's limit, and holds again when that is lifted", async () => {
    await setChannelLimit(deps, ofOperator("email"), { perSecond: 1, burst: 7 });
    await syncLimits(deps);
    const limits = await getLimits(database, tenantId, 1_000);
    expect(limits.channels).toContainEqual({ channel: "email", perSecond: 1, burst: 7, setBy: "operator" });
    expect(limits.channels).toContainEqual({ channel: "sms", perSecond: 1, burst: 1, setBy: "plan" });
    await removeChannelLimit(deps, ofOperator("email"));
    expect(await admitted("email")).toBe(email);
  });

  it("is lifted with the plan", async () => {
    const before = await syncLimits(deps);
    await database.tenant.update({ where: { id: tenantId }, data: { plan: "unlimited" } });
    await syncLimits(deps, before);
    expect(await admitted("email")).toBe(100);
  });
});

describe("a limit that a team sets", () => {
  const { sendRate, requestsPerSecond } = plans.free;
  const email = sendRate.email ?? 0;
  beforeEach(() => database.tenant.update({ where: { id: tenantId }, data: { plan: "free" } }));
  // syncLimits is about all tenants
  afterEach(() => database.tenant.update({ where: { id: tenantId }, data: { plan: "unlimited" } }));

  it("is at most its plan's", async () => {
    expect(await setChannelLimit(deps, ofTeam("email"), { perSecond: email })).toEqual({
      before: null,
      after: { perSecond: email, burst: email },
    });
    await setOwnRequestLimit(database, tenantId, requestsPerSecond, 1_000);
    expect((await getLimits(database, tenantId, 1_000)).requestsSetBy).toBe("plan");
    await setOwnRequestLimit(database, tenantId, null, 1_000);
  });

  it.each([
    ["perSecond", { perSecond: email + 1 }],
    ["burst", { perSecond: 1, burst: email + 1 }],
  ])("is refused with more %s than that", async (field, rate) => {
    await expect(setChannelLimit(deps, ofTeam("email"), rate)).rejects.toMatchObject({
      code: "invalid_body",
      faults: [{ pointer: `/${field}` }],
    });
    expect(await database.ownChannelLimit.count({ where: { tenantId } })).toBe(0);
  });

  it("is refused with more requests a second than that", async () => {
    await expect(setOwnRequestLimit(database, tenantId, requestsPerSecond + 1, 1_000)).rejects.toMatchObject({
      code: "invalid_body",
      faults: [{ pointer: "/requestsPerSecond" }],
    });
  });

  it("may be anything where the plan does not limit", async () => {
    await database.tenant.update({ where: { id: tenantId }, data: { plan: "unlimited" } });
    const { after } = await setChannelLimit(deps, ofTeam("email"), { perSecond: 100_000 });
    expect(after.burst).toBe(100_000);
    await expect(setOwnRequestLimit(database, tenantId, 1_001, 1_000)).rejects.toMatchObject({ code: "invalid_body" });
    await setOwnRequestLimit(database, tenantId, 1_000, 1_000);
  });

  it("never raises or lifts what the operator set, be it lower or higher than the plan's", async () => {
    await setChannelLimit(deps, ofOperator("email"), { perSecond: 2 });
    await setRequestLimit(database, tenantId, 3);
    const wider = setChannelLimit(deps, ofTeam("email"), { perSecond: 3 });
    await expect(wider).rejects.toMatchObject({ code: "invalid_body", faults: [{ pointer: "/perSecond" }] });
    await expect(setOwnRequestLimit(database, tenantId, 4, 1_000)).rejects.toMatchObject({ code: "invalid_body" });
    await expect(removeChannelLimit(deps, ofTeam("email"))).rejects.toMatchObject({ code: "not_found" });
    await setOwnRequestLimit(database, tenantId, null, 1_000);
    const given = { channel: "email", perSecond: 2, burst: 2, setBy: "operator" };
    const limits = await getLimits(database, tenantId, 1_000);
    expect(limits).toMatchObject({ requestsPerSecond: 3, requestsSetBy: "operator" });
    expect(limits.channels).toContainEqual(given);

    await setChannelLimit(deps, ofTeam("email"), { perSecond: 1 });
    await setOwnRequestLimit(database, tenantId, 1, 1_000);
    expect(await getLimits(database, tenantId, 1_000)).toMatchObject({ requestsPerSecond: 1, requestsSetBy: "team" });
    expect(await admitted("email")).toBe(1);
    await removeChannelLimit(deps, ofTeam("email"));
    expect((await getLimits(database, tenantId, 1_000)).channels).toContainEqual(given);

    await setChannelLimit(deps, ofOperator("sms"), { perSecond: 7 });
    await setChannelLimit(deps, ofTeam("sms"), { perSecond: 7 });
    expect(await admitted("sms")).toBe(7);
  });

  it("holds no longer when the operator has given less since", async () => {
    await database.tenant.update({ where: { id: tenantId }, data: { plan: "unlimited" } });
    await setChannelLimit(deps, ofTeam("email"), { perSecond: 5, burst: 40 });
    await setOwnRequestLimit(database, tenantId, 50, 1_000);
    await setChannelLimit(deps, ofOperator("email"), { perSecond: 9, burst: 30 });
    await setRequestLimit(database, tenantId, 20);
    const email = { channel: "email", perSecond: 5, burst: 30, setBy: "team" };
    const limits = { requestsPerSecond: 20, requestsSetBy: "operator", channels: [email] };
    expect(await getLimits(database, tenantId, 1_000)).toMatchObject(limits);
    expect(await admitted("email")).toBe(30);
    await syncLimits(deps);
    expect(await admitted("email")).toBe(0);
    await removeChannelLimit(deps, ofOperator("email"));
    expect((await getLimits(database, tenantId, 1_000)).channels).toMatchObject([{ burst: 40, setBy: "team" }]);
  });

  it("stands beside what was given and what holds, and each change tells what was before", async () => {
    await setChannelLimit(deps, ofOperator("email"), { perSecond: 9 });
    await setChannelLimit(deps, ofTeam("email"), { perSecond: 5, burst: 7 });
    expect(await setOwnRequestLimit(database, tenantId, 3, 1_000)).toBeNull();
    const settings = await getLimitSettings(database, tenantId, 1_000);
    expect(settings.requests).toEqual({
      own: 3,
      most: { perSecond: requestsPerSecond, setBy: "plan" },
      inForce: { perSecond: 3, setBy: "team" },
    });
    expect(settings.channels.map(({ channel }) => channel)).toEqual([...channels.keys()]);
    expect(settings.channels.find(({ channel }) => channel === "email")).toEqual({
      channel: "email",
      own: { perSecond: 5, burst: 7 },
      most: { channel: "email", perSecond: 9, burst: 9, setBy: "operator" },
      inForce: { channel: "email", perSecond: 5, burst: 7, setBy: "team" },
    });
    expect(await setOwnRequestLimit(database, tenantId, null, 1_000)).toBe(3);
    const rate = { perSecond: 1, burst: 1 };
    expect((await setChannelLimit(deps, ofTeam("email"), rate)).before).toEqual({ perSecond: 5, burst: 7 });
    expect(await removeChannelLimit(deps, ofTeam("email"))).toEqual(rate);
  });

  it("never outlives what the operator, or the platform, gave", async () => {
    await database.tenant.update({ where: { id: tenantId }, data: { plan: "unlimited" } });
    await setRequestLimit(database, tenantId, 5_000);
    await setOwnRequestLimit(database, tenantId, 4_000, 1_000);
    expect(await getLimits(database, tenantId, 1_000)).toMatchObject({
      requestsPerSecond: 4_000,
      requestsSetBy: "team",
    });
    await setRequestLimit(database, tenantId, null);
    const ofPlatform = { requestsPerSecond: 1_000, requestsSetBy: "platform" };
    expect(await getLimits(database, tenantId, 1_000)).toMatchObject(ofPlatform);
    await setOwnRequestLimit(database, tenantId, 900, 1_000);
    expect(await getLimits(database, tenantId, 800)).toMatchObject({ ...ofPlatform, requestsPerSecond: 800 });
  });
});

it("tells what is used of this month's quotas, in live mode", async () => {
  await database.tenant.update({ where: { id: tenantId }, data: { plan: "free" } });
  const day = new Date(new Date().toISOString().slice(0, 10));
  const common = { tenantId, day, channel: "sms", category: "" };
  await database.usage.createMany({
    data: [
      { ...common, mode: "live", provider: "", accepted: 5 },
      { ...common, mode: "live", provider: "twilio", sent: 4, units: 9 },
      { ...common, mode: "test", provider: "", accepted: 40 },
    ],
  });
  expect((await getLimits(database, tenantId, 1_000)).quotas).toContainEqual({
    channel: "sms",
    month: new Date().toISOString().slice(0, 7),
    monthlyUnits: plans.free.monthlyUnits.sms,
    used: 10, // nine segments, and one that is not sent yet
    limit: "hard",
  });
  await database.tenant.update({ where: { id: tenantId }, data: { plan: "unlimited" } });
});

describe("setChannelLimitBody", () => {
  it.each([
    ["nothing a second", { perSecond: 0 }],
    ["a fraction", { perSecond: 1.5 }],
    ["no burst at all", { perSecond: 1, burst: 0 }],
    ["an unknown field", { perSecond: 1, perMinute: 1 }],
  ])("refuses %s", (_, input) => expect(setChannelLimitBody.safeParse(input).success).toBe(false));
});
