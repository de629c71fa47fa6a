import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { newUuid } from "@tidings/shared/ids";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { createAccept } from "../pipeline/accept";
import { claimDeliveries } from "../pipeline/claim-deliveries";
import { decideOutcome } from "../pipeline/decide-outcome";
import { createReport } from "../pipeline/report";
import { startReceipts, type Written } from "../receipts/testing/start-receipts";
import { addSuppressions, type NewSuppression } from "../suppressions/add-suppressions";
import { liftSuppressions } from "../suppressions/lift-suppressions";

const { at, database, written, told, apply, statusOf, usage, suppressions } = await startReceipts();
const logger = createLogger({ name: "test", level: "silent" });
const metrics = createMetrics({ process: "test" });
const queueReports = async () => {};
const nothingUsed = { sent: 0, delivered: 0, units: 0 };

beforeAll(async () => {
  await database.$executeRaw`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'no report can be written'; END $$`;
});
beforeEach(async () => {
  const endpoint = { tenantId: at.tenantId, mode: "live", url: "https://example.com", sealedSecret: "s" };
  await database.endpoint.create({ data: { ...endpoint, id: newUuid(), events: ["*"] } });
});

/** Does something while no report can be written. @returns whether it succeeded */
async function withoutReports(run: () => Promise<unknown>): Promise<boolean> {
  await database.$executeRaw`CREATE TRIGGER refuse BEFORE INSERT ON report FOR EACH ROW EXECUTE FUNCTION refuse()`;
  try {
    return await run().then(
      () => true,
      () => false,
    );
  } finally {
    await database.$executeRaw`DROP TRIGGER refuse ON report`;
  }
}

it("accepts no notification that it can't tell of", async () => {
  const accept = createAccept({ database, publish: async () => true, queueReports, metrics });
  const said = { template: null, data: null, content: { email: { subject: "Hello", text: "Hi" } }, locale: null };
  const to = { channels: ["email"], recipientId: null, addresses: { email: "ann@example.com" } };
  const send = () =>
    accept.accept(
      { tenantId: at.tenantId, mode: "live", requestId: "req_1", idempotency: null },
      { ...said, ...to, category: null, priority: "normal", sendAt: null },
    );
  const accepted = () => database.notification.count({ where: { tenantId: at.tenantId } });
  expect(await withoutReports(send)).toBe(false);
  expect(await accepted()).toBe(0);
  await send();
  expect(await accepted()).toBe(1);
});

it("records no attempt that it can't tell of", async () => {
  const [{ id }] = (await written(["QUEUED"])) as [Written];
  const [claim] = await claimDeliveries(database, [{ id, tenantId: at.tenantId }]);
  if (!claim || !("delivery" in claim)) throw new Error("the claim was lost");
  const { delivery } = claim;
  const facts = { round: 1, maxAttempts: 3, priority: 2, honoursIdempotencyKey: false, isInDoubt: false };
  const result = decideOutcome(facts, { kind: "sent", providerMessageId: "m" });
  const by = { provider: "smtp", account: "smtp-1", choice: null, hasReceipts: false };
  const when = { number: delivery.attempt, startedAt: new Date(), durationMs: 1 };
  const last = { ...by, ...when, outcome: result.outcome, reason: null, providerMessageId: "m" };
  const report = createReport({ database, queueReports, logger, metrics });
  const record = () => report({ delivery, earlier: [], last, result, doubtful: null, content: null });
  expect(await withoutReports(record)).toBe(false);
  expect([await statusOf(id), await usage()]).toEqual(["SENDING", nothingUsed]);
  expect(await database.attempt.count({ where: { deliveryId: id } })).toBe(0);
  await record();
  expect([await statusOf(id), (await usage()).sent]).toEqual(["SENT", 1]);
});

it("applies no receipt that it can't tell of", async () => {
  const [{ id, messageId }] = (await written(["SENT"])) as [Written];
  await told("delivered", messageId);
  await withoutReports(apply);
  expect([await statusOf(id), await usage()]).toEqual(["SENT", nothingUsed]);
  await database.receipt.updateMany({ where: { account: at.account }, data: { dueAt: new Date(0) } });
  await apply();
  expect(await statusOf(id)).toBe("DELIVERED");
});

it("neither adds nor removes a suppression that it can't tell of", async () => {
  const row: NewSuppression = {
    ...{ tenantId: at.tenantId, mode: "live", channel: "email", address: "ann@example.com" },
    ...{ category: "", reason: "manual", detail: null },
  };
  expect(await withoutReports(() => addSuppressions(database, [row]))).toBe(false);
  expect(await suppressions()).toEqual([]);
  const { added } = await addSuppressions(database, [row]);
  const owner = { tenantId: at.tenantId, mode: "live" as const };
  const remove = () => liftSuppressions({ database, queueReports }, owner, [added[0]?.id ?? ""]);
  expect(await withoutReports(remove)).toBe(false);
  expect(await suppressions()).toHaveLength(1);
  await remove();
  expect(await suppressions()).toEqual([]);
});
