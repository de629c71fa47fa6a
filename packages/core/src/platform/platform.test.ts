import { randomUUID } from "node:crypto";
import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createFairQueue } from "@tidings/runtime/fair-queue";
import { connectRedis } from "@tidings/runtime/redis";
import { announceCapacity } from "@tidings/runtime/worker-capacity";
import { newUuid } from "@tidings/shared/ids";
import { afterAll, describe, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { countMinutes } from "./count-minutes";
import { describeQueues } from "./describe-queues";
import { describePostgres, describeRedis } from "./describe-stores";
import { describeSweep } from "./describe-sweep";
import { listAccountHealth } from "./list-account-health";
import { openSupportVisit } from "./open-support-visit";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
const redis = connectRedis(await testRedisUrl(), () => {});
afterAll(async () => {
  redis.disconnect();
  await database.$disconnect();
});

const namespace = `test-${randomUUID().slice(0, 8)}`;
const notification = {
  ...{ mode: "live", status: "SENT", priority: 2, bulk: false, addresses: {}, channels: ["email"], requestId: "req_1" },
  createdAt: new Date(),
};

describe("countMinutes", () => {
  it("counts what all tenants sent by the minute it was accepted in, and estimates a busy one", async () => {
    const [one, other] = [await createTestTenant(database), await createTestTenant(database)];
    const now = Date.now();
    const data = Array.from({ length: 400 }, (_, index) => ({
      ...notification,
      id: newUuid(),
      tenantId: index % 2 ? one.id : other.id,
    }));
    await database.notification.createMany({ data });
    await database.delivery.createMany({
      data: data.slice(0, 10).map(({ id, tenantId }, index) => ({
        ...{ id: newUuid(), tenantId, mode: "live", notificationId: id, channel: "email", address: "a@example.com" },
        ...{ status: index < 3 ? "FAILED" : "SENT", sentAt: index < 3 ? null : new Date(), priority: 2, siblings: 1 },
        createdAt: new Date(),
      })),
    });
    const minutes = await countMinutes(database, 60, now + 60_000);
    expect(minutes).toHaveLength(60);
    const sums = { accepted: 0, sent: 0, failed: 0 };
    for (const { accepted, sent, failed } of minutes) {
      sums.accepted += accepted;
      sums.sent += sent;
      sums.failed += failed;
    }
    expect(sums).toMatchObject({ sent: 7, failed: 3 });
    expect(sums.accepted).toBeGreaterThanOrEqual(300);
    expect(minutes.some(({ isEstimate }) => isEstimate)).toBe(true);
  });
});

describe("openSupportVisit", () => {
  it("tells an operator without the second factor that a team must have whether to set one up or to give it", async () => {
    const { id: tenantId } = await createTestTenant(database, { requiresTwoFactor: true });
    const email = `${randomUUID()}@example.com`;
    const { id } = await database.user.create({ data: { id: newUuid(), name: "Op", email } });
    const open = (facts: { hasTwoFactor: boolean; gaveSecondFactor: boolean }) =>
      openSupportVisit(database, { id, ...facts }, tenantId, "Ticket 42");
    const refused = async (hasTwoFactor: boolean, step: string) => {
      const opening = open({ hasTwoFactor, gaveSecondFactor: false });
      await expect(opening).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining(step) });
    };
    await refused(false, ": set one up in your account first");
    await refused(true, ": give the code of yours in your account first");
    await expect(open({ hasTwoFactor: false, gaveSecondFactor: true })).resolves.toMatchObject({ tenantId });
  });
});

describe("describeQueues", () => {
  it("tells what waits by class, since when, and what workers have room for", async () => {
    const stop = announceCapacity({
      ...{ redis, namespace, workerId: "w1", channels: ["sms"], lanes: ["others"], capacity: 50 },
      onError: (error) => {
        throw error;
      },
    });
    const fair = createFairQueue(redis, namespace, "sms");
    const id = newUuid();
    await fair.push([{ id, tenantId: newUuid(), priority: 0 }]);
    await expect
      .poll(async () => (await describeQueues({ redis, namespace })).find(({ name }) => name === "sms"))
      .toMatchObject({
        waiting: { critical: 1, high: 0, normal: 0, low: 0 },
        later: 0,
        oldestAt: new Date(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toISOString(),
        inHand: { urgent: 0, others: 0 },
        capacity: { urgent: 0, others: 50 },
      });
    const names = (await describeQueues({ redis, namespace })).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["email", "reports"]));
    await stop();
  });
});

describe("the stores", () => {
  it("tell what they hold", async () => {
    const postgres = await describePostgres(database);
    expect(postgres.sizeBytes).toBeGreaterThan(1_000_000);
    expect(postgres.connections).toBeGreaterThan(0);
    expect(postgres.tables.map(({ name }) => name)).toContain("notification");
    const { usedBytes, policy } = await describeRedis(redis);
    expect(usedBytes).toBeGreaterThan(0);
    expect(policy).toBe("noeviction");
  });
});

describe("describeSweep", () => {
  it("counts what is overdue and what nobody replayed", async () => {
    const { id: tenantId } = await createTestTenant(database);
    const late = new Date(Date.now() - 60_000);
    await database.schedule.create({ data: { notificationId: newUuid(), tenantId, dueAt: late } });
    await database.schedule.create({ data: { notificationId: newUuid(), tenantId, dueAt: new Date() } });
    const letter = { topic: "t", partition: 0, payload: new Uint8Array(), reason: "r" };
    await database.deadLetter.create({ data: { id: newUuid(), position: "1", ...letter } });
    await database.deadLetter.create({ data: { id: newUuid(), position: "2", ...letter, replayedAt: late } });
    expect(await describeSweep(database)).toEqual({ overdue: 1, overdueSince: late.toISOString(), deadLetters: 1 });
  });
});

describe("listAccountHealth", () => {
  it("lists accounts that are in use, the worst first", async () => {
    const { id: tenantId, slug } = await createTestTenant(database);
    const account = { provider: "smtp", channels: ["email"], sealedConfig: "" };
    const [ailing, unused] = [newUuid(), newUuid()];
    for (const id of [ailing, unused])
      await database.providerAccount.create({ data: { id, tenantId, name: id, receiptToken: id, ...account } });
    const at = Date.now();
    const key = (id: string) => `{${namespace}:accounts}:health:${id}`;
    await redis.hset(key("smtp-1"), { at, ok: 10, bad: 0, ms: 1_000 });
    await redis.hset(key(ailing), { at, ok: 0, bad: 10, ms: 100, until: at + 60_000 });
    const platformAccounts = [{ id: "smtp-1", provider: "smtp" }];
    const { accounts, isComplete } = await listAccountHealth({ database, redis, namespace, platformAccounts });
    expect(isComplete).toBe(true);
    expect(accounts).toMatchObject([
      { id: ailing, circuit: "open", errorRate: 1, tenant: { slug } },
      { id: "smtp-1", circuit: "closed", errorRate: 0, latencyMs: 100, tenant: null },
    ]);
  });
});
