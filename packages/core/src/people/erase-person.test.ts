import { createTestTenant } from "@tidings/db/factories";
import { createMetrics } from "@tidings/runtime/metrics";
import { newUuid, publicId } from "@tidings/shared/ids";
import { describe, expect, it } from "vitest";
import { writeAudit } from "../audit/write-audit";
import { claimDeliveries } from "../pipeline/claim-deliveries";
import { fenceNotifications } from "../pipeline/fence-notifications";
import { applyWaitingReceipts } from "../receipts/apply-receipts";
import { exportPerson } from "./export-person";
import { canaries, startPeople } from "./testing/start-people";

const { at, database, deps, requestedBy, queued, logLines, erase, happened, stored, suppressed, leaks } =
  await startPeople();
const ann = { id: canaries.id };

/** An endpoint that is told of everything. @returns its id */
async function watched(): Promise<string> {
  const of = { tenantId: at.tenantId, mode: "live", url: "https://example.com", sealedSecret: "s" };
  return (await database.endpoint.create({ data: { ...of, id: newUuid(), events: ["*"] } })).id;
}

describe("erasing a person", () => {
  it("leaves their id, names, addresses and tokens in no column of any table, and says how much it was", async () => {
    await stored();
    const sent = await happened({ idempotencyKey: `welcome ${canaries.email}` });
    await happened({ address: canaries.formerEmail });
    await happened({ address: canaries.id, channel: "in_app" });
    await happened({
      address: canaries.phone,
      channel: "sms",
      recipientId: null,
      addresses: { phone: canaries.phone },
    });
    await happened({ status: "CANCELED", delivery: null, recipientId: null, addresses: { email: canaries.email } });
    const inbox = {
      id: newUuid(),
      tenantId: at.tenantId,
      mode: "test",
      recipientId: canaries.id,
      title: canaries.name,
      body: "b",
    };
    await database.inboxItem.create({ data: inbox });
    await suppressed("email", canaries.email.toLowerCase());
    await suppressed("sms", canaries.phone);
    await suppressed("email", canaries.formerEmail);
    const key = {
      tenantId: at.tenantId,
      mode: "live",
      key: `welcome ${canaries.email}`,
      bodyHash: "h",
      status: 202,
      response: {},
    };
    await database.idempotencyKey.create({ data: key });
    const letter = {
      id: newUuid(),
      tenantId: at.tenantId,
      mode: "live",
      notificationId: sent.id,
      topic: "t",
      partition: 0,
    };
    await database.deadLetter.create({
      data: { ...letter, position: "1", payload: new Uint8Array(), reason: canaries.id },
    });
    const unmatched = { account: "acc", provider: "twilio", kind: "stopped", address: canaries.phone, at: new Date() };
    await database.receipt.create({ data: { ...unmatched, tenantId: at.tenantId, eventId: newUuid(), id: newUuid() } });
    const audited = { tenantId: at.tenantId, userId: null, actor: "lead@example.com" };
    const after = { address: canaries.email.toLowerCase(), channel: "email" };
    await writeAudit(database, { ...audited, action: "recipient.updated", target: canaries.id });
    await writeAudit(database, { ...audited, action: "suppression.created", target: "sup_1", after });
    await writeAudit(database, { ...audited, action: "key.created", target: "key_1" });
    expect((await leaks()).length).toBeGreaterThan(25);

    expect(await erase(ann)).toEqual({
      ...{ recipients: 1, devices: 1, inboxItems: 1, notifications: 5, deliveries: 4, attempts: 4, receipts: 5 },
      ...{ receiptCalls: 4, reports: 12, reportAttempts: 12, suppressions: 3, deadLetters: 1, idempotencyKeys: 1 },
      ...{ canceled: 0, skipped: 0, inFlight: 0, auditEntries: 2 },
    });
    expect(await leaks()).toEqual([]);
    const log = await database.auditEntry.findMany({ where: { tenantId: at.tenantId }, orderBy: { id: "asc" } });
    expect(log.map(({ action, target }) => `${action} ${target}`)).toEqual([
      "recipient.updated erased",
      "suppression.created erased",
      "key.created key_1",
    ]);
    expect(await database.erasure.findMany({ where: { tenantId: at.tenantId } })).toMatchObject([{ requestedBy }]);
    for (const canary of Object.values(canaries)) expect(logLines.join("")).not.toContain(canary);
    const kept = await database.notification.findFirst({ where: { id: sent.id } });
    expect(kept).toMatchObject({ status: "SENT", addresses: {}, reason: "erased on request" });
    const notices = await database.delivery.findMany({ where: { tenantId: at.tenantId } });
    expect(notices.map(({ status, address }) => `${status} ${address}`)).toEqual(Array(4).fill("SENT erased"));
  });

  it("finds the person by an address alone: the recipient who has it, and what anybody sent there", async () => {
    await stored();
    await happened();
    await happened({ recipientId: "usr_other", addresses: { email: canaries.email } });
    const counts = await erase({ email: canaries.email });
    expect(counts).toMatchObject({ recipients: 1, devices: 1, notifications: 2, deliveries: 2 });
    expect(await leaks()).toEqual([]);
  });

  it("finds what was sent to their address in any case, and neither a token nor a person that differs in case", async () => {
    const raw = { recipientId: null, address: "Canary.ANN@Example.com" };
    const sent = [await happened(raw), await happened({ ...raw, addresses: { email: raw.address }, status: "FAILED" })];
    await happened({ ...raw, status: "CANCELED", delivery: null, addresses: { email: "CANARY.ann@example.com" } });
    const unmatched = { account: "acc", provider: "ses", kind: "complained", address: raw.address, at: new Date() };
    await database.receipt.create({ data: { ...unmatched, tenantId: at.tenantId, eventId: newUuid(), id: newUuid() } });
    await happened({ channel: "push", address: "Token-Of-Another", recipientId: null });

    const exported = await exportPerson(database, at.tenantId, { email: canaries.email.toLowerCase() }, { limit: 10 });
    expect(exported.notifications.map(({ id }) => id).sort()).toEqual(
      sent.map(({ id }) => publicId("notification", id)).sort(),
    );
    expect(await erase({ deviceToken: "token-of-another" })).toMatchObject({ notifications: 0, deliveries: 0 });
    expect(await erase({ email: canaries.email.toLowerCase() })).toMatchObject({ notifications: 3, deliveries: 2 });
    expect(await database.receipt.count({ where: { tenantId: at.tenantId, address: raw.address } })).toBe(0);
    expect(await erase({ deviceToken: "Token-Of-Another" })).toMatchObject({ notifications: 1, deliveries: 1 });
    expect(await leaks()).toEqual([]);
  });

  it("leaves another recipient who shares an address alone, and other tenants", async () => {
    await stored();
    await stored("usr_partner", { email: canaries.email });
    await happened();
    const shared = await happened({ recipientId: "usr_partner" });
    const [mine, other] = [at.tenantId, (await createTestTenant(database)).id];
    at.tenantId = other;
    await stored();
    const theirs = await happened();
    at.tenantId = mine;
    expect(await erase(ann)).toMatchObject({ recipients: 1, notifications: 1 });
    for (const { delivery } of [shared, theirs]) {
      expect(await database.delivery.findFirst({ where: { id: delivery } })).toMatchObject({ address: canaries.email });
    }
    expect(await database.recipient.count({ where: { tenantId: mine, id: "usr_partner" } })).toBe(1);
    at.tenantId = other;
    await erase(ann);
    at.tenantId = mine;
    await erase({ id: "usr_partner" });
    expect(await leaks()).toEqual([]);
  });

  it("keeps suppressions when it is asked to", async () => {
    await stored();
    await suppressed("sms", canaries.phone);
    expect(await erase(ann, { keepSuppressions: true })).toMatchObject({ suppressions: 0, recipients: 1 });
    expect(await leaks()).toEqual(["suppression.address", "suppression.detail"]);
    expect(await erase({ phone: canaries.phone })).toMatchObject({ suppressions: 1 });
    expect(await leaks()).toEqual([]);
  });

  it("stops what is under way, tells endpoints, and never sends to what stands for the address", async () => {
    const endpointId = await watched();
    const scheduled = await happened({ status: "SCHEDULED", delivery: null });
    const pending = await happened({
      status: "PENDING",
      delivery: null,
      recipientId: null,
      addresses: { email: canaries.email },
    });
    const waiting = await happened({ status: "PROCESSING", delivery: "QUEUED" });
    const flying = await happened({ status: "PROCESSING", delivery: "SENDING" });
    const words = {
      reason: `250 <${canaries.email}> OK`,
      provider: "smtp",
      outcome: "sent",
      startedAt: new Date(),
      durationMs: 1,
    };
    const erasing = erase({ ...ann, email: canaries.email });
    // The worker's outcome comes when the delivery is erased already.
    await expect
      .poll(async () => (await database.delivery.findFirst({ where: { id: flying.delivery } }))?.status)
      .toBe("UNKNOWN");
    await database.attempt.create({
      data: { tenantId: at.tenantId, deliveryId: flying.delivery, number: 1, ...words },
    });
    expect(await erasing).toMatchObject({ canceled: 2, skipped: 1, inFlight: 1, attempts: 1 });
    expect(await leaks()).toEqual([]);

    const statusOf = async (id: string) => (await database.notification.findFirst({ where: { id } }))?.status;
    expect(await Promise.all([scheduled, pending, waiting, flying].map(({ id }) => statusOf(id)))).toEqual([
      ...["CANCELED", "CANCELED", "SKIPPED", "SENT"],
    ]);
    expect(await database.schedule.count({ where: { tenantId: at.tenantId } })).toBe(0);
    expect(await claimDeliveries(database, [{ id: waiting.delivery, tenantId: at.tenantId }])).toEqual([null]);
    const messages = [{ id: pending.id, tenantId: at.tenantId, mode: "live" as const, priority: 2 }];
    expect(await database.$transaction((transaction) => fenceNotifications(transaction, messages))).toEqual([]);
    const told = await database.report.findMany({ where: { endpointId } });
    expect(told.map(({ type }) => type).sort()).toEqual([
      ...["delivery.skipped", "delivery.unknown", "notification.canceled", "notification.canceled"],
      ...["notification.sent", "notification.skipped"],
    ]);
    expect(queued).toHaveLength(6);
  });

  it("lets no receipt that comes later bring anything of them back", async () => {
    await watched();
    const { delivery } = await happened();
    await erase({ ...ann, email: canaries.email });
    const told = { account: "acc", provider: "sendgrid", kind: "bounced_hard", at: new Date() };
    const words = { address: canaries.email, reason: `550 <${canaries.email}>` };
    await database.receipt.create({
      data: { ...told, ...words, tenantId: at.tenantId, eventId: newUuid(), id: newUuid(), deliveryId: delivery },
    });
    const metrics = createMetrics({ process: "test" });
    await applyWaitingReceipts({ ...deps, metrics });
    expect(await database.delivery.findFirst({ where: { id: delivery } })).toMatchObject({ status: "BOUNCED" });
    expect(await database.suppression.count({ where: { tenantId: at.tenantId } })).toBe(0);
    expect(await leaks()).toEqual([]);
  });

  it("is safe to repeat, and to ask for somebody nobody knows", async () => {
    await stored();
    await happened();
    await erase(ann);
    const again = await erase(ann);
    expect(Object.values(again).every((count) => count === 0)).toBe(true);
    expect(await database.erasure.count({ where: { tenantId: at.tenantId } })).toBe(2);
  });

  it("erases thousands in pages", async () => {
    const one = await happened({ address: canaries.phone, channel: "sms" });
    await database.$executeRaw`
      INSERT INTO notification SELECT (n).* FROM (
        SELECT jsonb_populate_record(n, jsonb_build_object('id', uuidv7())) AS n FROM notification AS n, generate_series(1, 999)
        WHERE n.id = ${one.id}::uuid) AS copies`;
    expect(await erase(ann)).toMatchObject({ notifications: 1_000, deliveries: 1 });
    expect(await leaks()).toEqual([]);
  });
});
