import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { newUuid } from "@tidings/shared/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import type { WrittenReport } from "../reports/write-reports";
import { type ClaimedDelivery, claimDeliveries } from "./claim-deliveries";
import { decideOutcome } from "./decide-outcome";
import { deliveryId } from "./delivery-id";
import { fenceNotifications } from "./fence-notifications";
import { insertDeliveries } from "./insert-deliveries";
import { type AttemptReport, createReport, type Report, type Try } from "./report";

let database: Database;
let report: Report;
let tenantId: string;
const queued: WrittenReport[] = [];
const queueReports = async (reports: readonly WrittenReport[]) => void queued.push(...reports);
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 8, applicationName: "test" });
  const logger = createLogger({ name: "test", level: "silent" });
  report = createReport({ database, queueReports, logger, metrics: createMetrics({ process: "test" }) });
  tenantId = (await createTestTenant(database)).id;
});
afterAll(() => database?.$disconnect());

const emails = (count: number) => Array.from({ length: count }, (_, index) => `ann${index}@example.com`);

/** A notification routed to some addresses, as route does it. @returns the ids of its deliveries */
async function routed(addresses: readonly string[]): Promise<{ id: string; deliveryIds: string[] }> {
  const id = newUuid();
  await database.notification.create({
    data: {
      id,
      tenantId,
      mode: "test",
      status: "PENDING",
      priority: 2,
      bulk: false,
      addresses: {},
      channels: ["email"],
      content: { email: { subject: "Hello", text: "Hi" } },
      requestId: "req",
      createdAt: new Date(),
    },
  });
  const deliveries = addresses.map((address) => ({ id: deliveryId(id, "email", address), channel: "email", address }));
  await database.direct.transaction(async (transaction) => {
    const [notification] = await fenceNotifications(transaction, [{ id, tenantId, mode: "test", priority: 2 }]);
    if (notification) insertDeliveries(transaction, [{ notification, plan: { deliveries } }]);
  });
  return { id, deliveryIds: deliveries.map((delivery) => delivery.id) };
}

async function claimed(id: string): Promise<ClaimedDelivery> {
  const [claim] = await claimDeliveries(database, [{ id, tenantId }]);
  if (!claim || !("delivery" in claim)) throw new Error("the claim was lost");
  return claim.delivery;
}

function tried(
  delivery: ClaimedDelivery,
  outcome: Parameters<typeof decideOutcome>[1],
  rest: Partial<Try> = {},
): AttemptReport {
  const facts = {
    round: delivery.round,
    maxAttempts: 3,
    priority: 2,
    honoursIdempotencyKey: false,
    isInDoubt: delivery.doubtful !== null,
  };
  const result = decideOutcome(facts, outcome);
  const { reason, providerMessageId } = result;
  const last: Try = {
    number: delivery.attempt,
    provider: "smtp",
    account: "smtp-1",
    choice: "the only account",
    hasReceipts: false,
    startedAt: new Date(),
    durationMs: 1,
    outcome: result.outcome,
    reason,
    providerMessageId,
    ...rest,
  };
  return { delivery, earlier: [], last, result, doubtful: null, content: null };
}
const sent = (delivery: ClaimedDelivery) => tried(delivery, { kind: "sent", providerMessageId: "m" });
const failed = (delivery: ClaimedDelivery) => tried(delivery, { kind: "rejected", reason: "no" });
const expireLease = (id: string) => database.delivery.update({ where: { id }, data: { leaseUntil: new Date(0) } });

describe("a claim", () => {
  it("is won once, however many try at once", async () => {
    const { deliveryIds } = await routed(emails(1));
    const job = { id: deliveryIds[0] as string, tenantId };
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimDeliveries(database, [job])));
    expect(claims.flat().filter((claim) => claim && "delivery" in claim)).toHaveLength(1);
    for (const claim of claims.flat()) {
      if (claim && "busyForMs" in claim) expect(claim.busyForMs).toBeGreaterThan(20_000);
    }
  });

  it("is won once by a batch that has the delivery twice", async () => {
    const { deliveryIds } = await routed(emails(1));
    const job = { id: deliveryIds[0] as string, tenantId };
    const claims = await claimDeliveries(database, [job, job, job]);
    expect(claims).toEqual([{ delivery: expect.anything() }, null, null]);
  });

  it("can be taken over when its lease has run out, and says that it is in doubt", async () => {
    const { deliveryIds } = await routed(emails(1));
    const id = deliveryIds[0] as string;
    expect(await claimed(id)).toMatchObject({ attempt: 1, ambiguous: false });
    await expireLease(id);
    expect(await claimed(id)).toMatchObject({ attempt: 2, ambiguous: true });
  });

  it("is left to whoever may still tell what came of it, where it is not to be taken over", async () => {
    const { deliveryIds } = await routed(emails(1));
    const id = deliveryIds[0] as string;
    await claimed(id);
    await expireLease(id);
    expect(await claimDeliveries(database, [{ id, tenantId }], { takesOver: false })).toEqual([{ busyForMs: 0 }]);
  });

  it("knows whose attempt is in doubt", async () => {
    const { deliveryIds } = await routed(emails(1));
    const id = deliveryIds[0] as string;
    const timedOut = tried(await claimed(id), { kind: "deferred", reason: "timeout", ambiguous: true });
    await report({ ...timedOut, result: { ...timedOut.result, retryInMs: 0 }, doubtful: "resend-1" });
    expect(await claimed(id)).toMatchObject({ attempt: 2, ambiguous: false, doubtful: "resend-1" });
    await expireLease(id);
    expect(await claimed(id)).toMatchObject({ ambiguous: true, doubtful: "resend-1" });
  });

  it("gives nothing for another tenant's delivery, nor for one that is settled", async () => {
    const { deliveryIds } = await routed(emails(1));
    const id = deliveryIds[0] as string;
    expect(await claimDeliveries(database, [{ id, tenantId: newUuid() }])).toEqual([null]);
    await report(sent(await claimed(id)));
    expect(await claimDeliveries(database, [{ id, tenantId }])).toEqual([null]);
  });
});

describe("a delivery that waits for its next attempt", () => {
  it("can't be claimed before, whoever comes with it", async () => {
    const { deliveryIds } = await routed(emails(1));
    const id = deliveryIds[0] as string;
    const delivery = await claimed(id);
    await report(tried(delivery, { kind: "deferred", reason: "busy", retryAfterMs: 60_000 }));
    const [claim] = await claimDeliveries(database, [{ id, tenantId }]);
    expect(claim).toMatchObject({ busyForMs: expect.any(Number) });
    expect((claim as { busyForMs: number }).busyForMs).toBeGreaterThan(20_000);
    await database.delivery.update({ where: { id }, data: { nextAttemptAt: new Date() } });
    expect(await claimed(id)).toMatchObject({ attempt: 2, ambiguous: false });
  });

  it("has made no attempt when its account had no connection free", async () => {
    const { deliveryIds } = await routed(emails(1));
    const id = deliveryIds[0] as string;
    const first = await claimed(id);
    await report(tried(first, { kind: "busy", reason: "all are busy" }));
    await database.delivery.update({ where: { id }, data: { nextAttemptAt: new Date() } });
    const second = await claimed(id);
    expect(second).toMatchObject({ attempt: 1, claim: 2, ambiguous: false });
    await report(sent(second));
    expect(await database.delivery.findUnique({ where: { id } })).toMatchObject({ status: "SENT" });
    expect(await database.attempt.count({ where: { deliveryId: id } })).toBe(1);
  });
});

describe("a report", () => {
  const usageSent = async () => {
    const rows = await database.usage.findMany({ where: { tenantId } });
    return rows.reduce((sum, row) => sum + Number(row.sent), 0);
  };

  it("counts once, however often it is made", async () => {
    const { id, deliveryIds } = await routed(emails(1));
    const before = await usageSent();
    const once = sent(await claimed(deliveryIds[0] as string));
    await Promise.all([report(once), report(once)]);
    await report(once);
    expect(await usageSent()).toBe(before + 1);
    expect(await database.attempt.count({ where: { tenantId, deliveryId: deliveryIds[0] as string } })).toBe(1);
    expect(await database.notification.findUnique({ where: { id } })).toMatchObject({ status: "SENT" });
  });

  it("that an address is dead takes the device away, but not for what the sandbox plays", async () => {
    await database.recipient.create({ data: { tenantId, id: "ann" } });
    const tokens = emails(2);
    for (const token of tokens) {
      const device = { id: newUuid(), tenantId, recipientId: "ann", token, platform: "ios" };
      await database.device.create({ data: device });
    }
    const { deliveryIds } = await routed(tokens);
    const [live, test] = (await Promise.all(deliveryIds.map(claimed))) as [ClaimedDelivery, ClaimedDelivery];
    const dead = (delivery: ClaimedDelivery, mode: "live" | "test") => {
      const gone = { ...failed(delivery), delivery: { ...delivery, mode } };
      return { ...gone, result: { ...gone.result, addressDead: true } };
    };
    await Promise.all([report(dead(live, "live")), report(dead(test, "test"))]);
    const left = await database.device.findMany({ where: { tenantId }, select: { token: true } });
    expect(left).toEqual([{ token: test.address }]);
  });

  it("that can't be stored hurts only itself", async () => {
    const { deliveryIds } = await routed(emails(3));
    const [bad, ...good] = await Promise.all(deliveryIds.map(claimed));
    const poison = { ...sent(bad as ClaimedDelivery), content: { title: "\u0000", body: "Hi" } };
    poison.delivery = { ...poison.delivery, channel: "in_app" };
    const outcomes = await Promise.allSettled([report(poison), ...good.map((delivery) => report(sent(delivery)))]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  });

  it("of an attempt whose lease was taken over is recorded and moves nothing", async () => {
    const { deliveryIds } = await routed(emails(1));
    const id = deliveryIds[0] as string;
    const zombie = await claimed(id);
    await expireLease(id);
    const heir = await claimed(id);
    await report(failed(zombie));
    expect(await database.delivery.findUnique({ where: { id } })).toMatchObject({ status: "SENDING", attempt: 2 });
    await report(sent(heir));
    expect(await database.delivery.findUnique({ where: { id } })).toMatchObject({ status: "SENT" });
    expect(await database.attempt.findMany({ where: { deliveryId: id }, orderBy: { number: "asc" } })).toMatchObject([
      { number: 1, outcome: "rejected" },
      { number: 2, outcome: "sent" },
    ]);
  });

  it("settles a notification when its last sibling is settled, whoever is last", async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id, deliveryIds } = await routed(emails(6));
      const claims = await Promise.all(deliveryIds.map(claimed));
      // Two reporters, as two workers have: their transactions overlap.
      const other = createReport({
        database,
        queueReports,
        logger: createLogger({ name: "test", level: "silent" }),
        metrics: createMetrics({ process: "test" }),
      });
      await Promise.all(
        claims.map((delivery, index) => (index % 2 ? report : other)(index === 0 ? failed(delivery) : sent(delivery))),
      );
      expect(await database.notification.findUnique({ where: { id } })).toMatchObject({ status: "PARTIAL" });
    }
  });
});

describe("routing twice", () => {
  it("changes nothing", async () => {
    const { id, deliveryIds } = await routed(emails(3));
    await database.$transaction(async (transaction) => {
      expect(await fenceNotifications(transaction, [{ id, tenantId, mode: "test", priority: 2 }])).toEqual([]);
    });
    expect(await database.delivery.count({ where: { tenantId, notificationId: id } })).toBe(deliveryIds.length);
  });
});

describe("an address that was suppressed after its delivery was queued", () => {
  it("is not sent to: the delivery and its notification are skipped, with no attempt", async () => {
    const { id: notificationId, deliveryIds } = await routed(["Gone@example.com"]);
    const id = deliveryIds[0] as string;
    const suppression = { tenantId, channel: "email", address: "gone@example.com", id: newUuid() };
    await database.suppression.create({ data: { ...suppression, reason: "hard_bounce", detail: "550 no such user" } });
    const delivery = await claimed(id);
    expect(delivery.suppression).toMatchObject({ reason: "hard_bounce" });
    await report(tried(delivery, { kind: "skipped", reason: "suppressed: hard bounce" }));
    const reason = "suppressed: hard bounce";
    expect(await database.delivery.findUnique({ where: { id } })).toMatchObject({ status: "SKIPPED", reason });
    const notification = await database.notification.findUnique({ where: { id: notificationId } });
    expect(notification).toMatchObject({ status: "SKIPPED", reason });
    expect(await database.attempt.count({ where: { deliveryId: id } })).toBe(0);
  });

  const timeout = { kind: "deferred", reason: "timeout", ambiguous: true } as const;
  const refusal = { kind: "deferred", reason: "connect ECONNREFUSED" } as const;
  const retry = async (delivery: ClaimedDelivery, outcome: Parameters<typeof tried>[1]) => {
    await report(tried(delivery, outcome));
    await database.delivery.update({ where: { id: delivery.id }, data: { nextAttemptAt: null } });
  };
  it.each<[string, string, (id: string) => Promise<unknown>]>([
    ["timed out", "UNKNOWN", async (id) => retry(await claimed(id), timeout)],
    [
      "timed out, and another after it was refused",
      "UNKNOWN",
      async (id) => {
        await retry(await claimed(id), timeout);
        await retry(await claimed(id), refusal);
      },
    ],
    [
      "was never told of",
      "UNKNOWN",
      async (id) => {
        await claimed(id);
        await expireLease(id);
      },
    ],
    [
      "was never told of, and another after it found no connection free",
      "UNKNOWN",
      async (id) => {
        await claimed(id);
        await expireLease(id);
        await retry(await claimed(id), { kind: "busy", reason: "all are busy" });
      },
    ],
    ["was refused", "SKIPPED", async (id) => retry(await claimed(id), refusal)],
    [
      "found no connection free",
      "SKIPPED",
      async (id) => retry(await claimed(id), { kind: "busy", reason: "all are busy" }),
    ],
  ])("and whose attempt before %s: it becomes %s", async (_, status, attempt) => {
    const address = `${newUuid()}@example.com`;
    const { id: notificationId, deliveryIds } = await routed([address]);
    const id = deliveryIds[0] as string;
    await attempt(id);
    await database.suppression.create({
      data: { id: newUuid(), tenantId, channel: "email", address, reason: "stop", detail: null },
    });
    await report(tried(await claimed(id), { kind: "skipped", reason: "suppressed: STOP" }));
    const reason =
      status === "SKIPPED" ? "suppressed: STOP" : "suppressed: STOP; an attempt before may have gone through";
    expect(await database.delivery.findUnique({ where: { id } })).toMatchObject({ status, reason });
    expect(await database.notification.findUnique({ where: { id: notificationId } })).toMatchObject({
      status: status === "SKIPPED" ? "SKIPPED" : "SENT",
    });
  });
});

describe("an account that another one took over from", () => {
  it("stands in an attempt of its own, with why each was chosen, and the next claim counts on", async () => {
    const { deliveryIds } = await routed(emails(1));
    const id = deliveryIds[0] as string;
    const delivery = await claimed(id);
    const refused = tried(delivery, { kind: "deferred", reason: "connect ECONNREFUSED" }).last;
    const later = { number: 2, account: "smtp-2", choice: "failover: first in order" };
    await report({ ...tried(delivery, { kind: "deferred", reason: "busy" }, later), earlier: [refused] });
    const attempts = await database.attempt.findMany({ where: { deliveryId: id }, orderBy: { number: "asc" } });
    expect(attempts).toMatchObject([
      { number: 1, account: "smtp-1", outcome: "deferred", reason: "connect ECONNREFUSED" },
      { number: 2, account: "smtp-2", choice: "failover: first in order" },
    ]);
    await database.delivery.update({ where: { id }, data: { nextAttemptAt: null } });
    expect(await claimed(id)).toMatchObject({ attempt: 3, round: 2 });
  });
});

describe("a message its provider will send receipts for", () => {
  it("is known by the provider's own id", async () => {
    const { deliveryIds } = await routed(emails(1));
    const delivery = await claimed(deliveryIds[0] as string);
    await report(tried(delivery, { kind: "sent", providerMessageId: `m-${delivery.id}` }, { hasReceipts: true }));
    const key = { account: "smtp-1", providerMessageId: `m-${delivery.id}` };
    const known = await database.sentMessage.findUnique({ where: { account_providerMessageId: key } });
    expect(known).toMatchObject({ tenantId, deliveryId: delivery.id });
  });
});

describe("an endpoint that wants to know", () => {
  it("gets a report of each outcome, in the transaction of the outcome", async () => {
    const endpoint = { id: newUuid(), tenantId, mode: "test", url: "https://example.com/", sealedSecret: "sealed" };
    await database.endpoint.create({ data: { ...endpoint, events: ["delivery.*", "notification.*"] } });
    const one = await routed(emails(1));
    const two = await routed(emails(2));
    await report(sent(await claimed(one.deliveryIds[0] as string)));
    for (const id of two.deliveryIds) await report(failed(await claimed(id)));
    const told = await database.report.findMany({ where: { endpointId: endpoint.id }, orderBy: { sequence: "asc" } });
    expect(told.map(({ type, notificationId }) => [type, notificationId])).toEqual([
      ["delivery.sent", one.id],
      ["notification.sent", one.id],
      ["delivery.failed", two.id],
      ["delivery.failed", two.id],
      ["notification.failed", two.id],
    ]);
    expect(told[0]?.facts).toMatchObject({ status: "SENT", address: "ann0@example.com", provider: "smtp", attempt: 1 });
    expect(queued.map(({ id }) => id)).toEqual(expect.arrayContaining(told.map(({ id }) => id)));
    await database.endpoint.delete({ where: { id: endpoint.id } });
  });
});
