import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { newUuid, publicId } from "@tidings/shared/ids";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { writeAudit } from "../audit/write-audit";
import { claimDeliveries } from "../pipeline/claim-deliveries";
import { deliveryId } from "../pipeline/delivery-id";
import { fenceNotifications } from "../pipeline/fence-notifications";
import { applyWaitingReceipts } from "../receipts/apply-receipts";
import type { WrittenReport } from "../reports/write-reports";
import { type ErasePersonDeps, erasePerson } from "./erase-person";
import { exportPerson } from "./export-person";
import {
  type ErasedCounts,
  type ErasePersonBody,
  erasePersonBody,
  type PersonName,
  publicPersonExport,
} from "./person-schemas";

let database: Database;
let deps: ErasePersonDeps;
let tenantId: string;
const requestedBy = publicId("key", newUuid());
const queued: WrittenReport[] = [];
const logLines: string[] = [];

beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 6, applicationName: "test" });
  const destination = { write: (line: string) => void logLines.push(line) };
  const logger = createLogger({ name: "test", level: "debug", destination });
  deps = { database, queueReports: async (reports) => void queued.push(...reports), logger };
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  queued.length = 0;
  tenantId = (await createTestTenant(database)).id;
});

/** What nobody must find after an erasure. */
const canaries = {
  id: "usr_canary_7411",
  name: "Zwitscherina Kanarius",
  email: "Canary.Ann@example.com",
  formerEmail: "former.canary@example.com",
  phone: "+14155557411",
  token: "canary-token-7411",
};
const ann = { id: canaries.id };
const erase = async (person: PersonName, rest: Partial<ErasePersonBody> = {}) =>
  (await erasePerson(deps, { tenantId, requestedBy }, erasePersonBody.parse({ person, ...rest })))
    .erased as ErasedCounts;

interface Story {
  address?: string;
  channel?: string;
  recipientId?: string | null;
  addresses?: Record<string, string>;
  /** Of the notification, and of its delivery; none when null. */
  status?: string;
  delivery?: string | null;
  idempotencyKey?: string;
}

/** A notification with all that can follow from it, each telling of the person. */
async function happened(story: Story = {}): Promise<{ id: string; delivery: string }> {
  const {
    address = canaries.email,
    channel = "email",
    recipientId = canaries.id,
    status = "SENT",
    delivery = "SENT",
  } = story;
  const id = newUuid();
  const common = { tenantId, mode: "live", priority: 2, createdAt: new Date(), recipientId };
  const words = `550 <${address}> ${canaries.name} unknown`;
  await database.notification.create({
    data: {
      ...{ ...common, id, status, bulk: false, channels: [channel], addresses: story.addresses ?? {}, locale: "pt-BR" },
      ...{ requestId: `for-${canaries.email}`, idempotencyKey: story.idempotencyKey ?? null, reason: words },
      ...{ data: { name: canaries.name }, content: { email: { subject: canaries.name, text: canaries.phone } } },
    },
  });
  if (status === "SCHEDULED")
    await database.schedule.create({ data: { notificationId: id, tenantId, dueAt: new Date() } });
  const dlv = deliveryId(id, channel, address);
  await event("notification.sent", id, { id, recipientId, requestId: canaries.email, reason: words });
  if (delivery === null) return { id, delivery: dlv };
  const row = {
    ...common,
    id: dlv,
    notificationId: id,
    channel,
    address,
    siblings: 1,
    status: delivery,
    reason: words,
  };
  await database.delivery.create({ data: { ...row, attempt: 1, leaseUntil: new Date(Date.now() + 30_000) } });
  const tried = { provider: "smtp", outcome: "rejected", reason: words, startedAt: new Date(), durationMs: 1 };
  if (delivery !== "QUEUED" && delivery !== "SENDING") {
    await database.attempt.create({ data: { tenantId, deliveryId: dlv, number: 1, ...tried } });
  }
  const call = { id: newUuid(), tenantId, account: "acc", provider: "sendgrid", headers: { "x-to": address } };
  await database.receiptCall.create({ data: { ...call, body: new Uint8Array(Buffer.from(words)) } });
  const told = {
    ...{ account: "acc", provider: "sendgrid", kind: "clicked", address, reason: words, at: new Date() },
    tenantId,
  };
  const url = `https://example.com/?to=${address}`;
  await database.receipt.create({
    data: { ...told, eventId: newUuid(), id: newUuid(), callId: call.id, deliveryId: dlv, url },
  });
  await event("delivery.clicked", id, { id: dlv, notificationId: id, address, recipientId, reason: words, url });
  return { id, delivery: dlv };
}

async function event(type: string, notificationId: string | null, facts: object): Promise<void> {
  const endpointId = newUuid();
  const report = await database.report.create({
    data: { tenantId, mode: "live", endpointId, type, notificationId, facts },
  });
  const attempt = { tenantId, number: 1, outcome: "failed", startedAt: new Date(), durationMs: 1 };
  const response = `we know ${canaries.email}`;
  await database.reportAttempt.create({ data: { ...attempt, reportId: report.id, response, reason: canaries.phone } });
}

async function stored(id = canaries.id, addresses: object = { email: canaries.email, phone: canaries.phone }) {
  await database.recipient.create({
    data: { tenantId, id, addresses: addresses as object, data: { name: canaries.name } },
  });
  const device = { id: newUuid(), tenantId, recipientId: id, platform: "ios" };
  await database.device.create({ data: { ...device, token: `${canaries.token}-${id}` } });
}

async function suppressed(channel: string, address: string): Promise<void> {
  const id = newUuid();
  await database.suppression.create({
    data: { id, tenantId, channel, address, reason: "hard_bounce", detail: canaries.name },
  });
  await event("suppression.added", null, { id, channel, address, detail: canaries.name });
}

/** Every table and column that holds one of the canaries, of all the text, JSON and bytes there are. */
async function leaks(): Promise<string[]> {
  const columns = await database.$queryRaw<{ table: string; column: string; type: string }[]>`
    SELECT c.table_name AS "table", c.column_name AS "column", c.data_type AS type
    FROM information_schema.columns AS c
    JOIN information_schema.tables AS t USING (table_schema, table_name)
    WHERE table_schema = 'public' AND t.table_type = 'BASE TABLE' AND table_name !~ '_\\d{8}$'
      AND c.data_type IN ('text', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY')`;
  expect(columns.length).toBeGreaterThan(100);
  const words = Object.values(canaries).map((word) => word.toLowerCase());
  const found: string[] = [];
  for (const { table, column, type } of columns) {
    const text = type === "bytea" ? `encode("${column}", 'escape')` : `"${column}"::text`;
    const rows = await database.$queryRawUnsafe<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM "${table}"
       WHERE EXISTS (SELECT FROM unnest($1::text[]) AS word WHERE position(word IN lower(${text})) > 0)`,
      words,
    );
    if (rows[0]?.count) found.push(`${table}.${column}`);
  }
  return found.sort();
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
    const inbox = { id: newUuid(), tenantId, mode: "test", recipientId: canaries.id, title: canaries.name, body: "b" };
    await database.inboxItem.create({ data: inbox });
    await suppressed("email", canaries.email.toLowerCase());
    await suppressed("sms", canaries.phone);
    await suppressed("email", canaries.formerEmail);
    const key = { tenantId, mode: "live", key: `welcome ${canaries.email}`, bodyHash: "h", status: 202, response: {} };
    await database.idempotencyKey.create({ data: key });
    const letter = { id: newUuid(), tenantId, mode: "live", notificationId: sent.id, topic: "t", partition: 0 };
    await database.deadLetter.create({
      data: { ...letter, position: "1", payload: new Uint8Array(), reason: canaries.id },
    });
    const unmatched = { account: "acc", provider: "twilio", kind: "stopped", address: canaries.phone, at: new Date() };
    await database.receipt.create({ data: { ...unmatched, tenantId, eventId: newUuid(), id: newUuid() } });
    const audited = { tenantId, userId: null, actor: "lead@example.com" };
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
    const log = await database.auditEntry.findMany({ where: { tenantId }, orderBy: { id: "asc" } });
    expect(log.map(({ action, target }) => `${action} ${target}`)).toEqual([
      "recipient.updated erased",
      "suppression.created erased",
      "key.created key_1",
    ]);
    expect(await database.erasure.findMany({ where: { tenantId } })).toMatchObject([{ requestedBy }]);
    for (const canary of Object.values(canaries)) expect(logLines.join("")).not.toContain(canary);
    const kept = await database.notification.findFirst({ where: { id: sent.id } });
    expect(kept).toMatchObject({ status: "SENT", addresses: {}, reason: "erased on request" });
    const notices = await database.delivery.findMany({ where: { tenantId } });
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
    await database.receipt.create({ data: { ...unmatched, tenantId, eventId: newUuid(), id: newUuid() } });
    await happened({ channel: "push", address: "Token-Of-Another", recipientId: null });

    const exported = await exportPerson(database, tenantId, { email: canaries.email.toLowerCase() }, { limit: 10 });
    expect(exported.notifications.map(({ id }) => id).sort()).toEqual(
      sent.map(({ id }) => publicId("notification", id)).sort(),
    );
    expect(await erase({ deviceToken: "token-of-another" })).toMatchObject({ notifications: 0, deliveries: 0 });
    expect(await erase({ email: canaries.email.toLowerCase() })).toMatchObject({ notifications: 3, deliveries: 2 });
    expect(await database.receipt.count({ where: { tenantId, address: raw.address } })).toBe(0);
    expect(await erase({ deviceToken: "Token-Of-Another" })).toMatchObject({ notifications: 1, deliveries: 1 });
    expect(await leaks()).toEqual([]);
  });

  it("leaves another recipient who shares an address alone, and other tenants", async () => {
    await stored();
    await stored("usr_partner", { email: canaries.email });
    await happened();
    const shared = await happened({ recipientId: "usr_partner" });
    const [mine, other] = [tenantId, (await createTestTenant(database)).id];
    tenantId = other;
    await stored();
    const theirs = await happened();
    tenantId = mine;
    expect(await erase(ann)).toMatchObject({ recipients: 1, notifications: 1 });
    for (const { delivery } of [shared, theirs]) {
      expect(await database.delivery.findFirst({ where: { id: delivery } })).toMatchObject({ address: canaries.email });
    }
    expect(await database.recipient.count({ where: { tenantId: mine, id: "usr_partner" } })).toBe(1);
    tenantId = other;
    await erase(ann);
    tenantId = mine;
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
    const endpoint = { id: newUuid(), tenantId, mode: "live", url: "https://example.com", sealedSecret: "s" };
    await database.endpoint.create({ data: { ...endpoint, events: ["*"] } });
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
    await database.attempt.create({ data: { tenantId, deliveryId: flying.delivery, number: 1, ...words } });
    expect(await erasing).toMatchObject({ canceled: 2, skipped: 1, inFlight: 1, attempts: 1 });
    expect(await leaks()).toEqual([]);

    const statusOf = async (id: string) => (await database.notification.findFirst({ where: { id } }))?.status;
    expect(await Promise.all([scheduled, pending, waiting, flying].map(({ id }) => statusOf(id)))).toEqual([
      ...["CANCELED", "CANCELED", "SKIPPED", "SENT"],
    ]);
    expect(await database.schedule.count({ where: { tenantId } })).toBe(0);
    expect(await claimDeliveries(database, [{ id: waiting.delivery, tenantId }])).toEqual([null]);
    const messages = [{ id: pending.id, tenantId, mode: "live" as const, priority: 2 }];
    expect(await database.$transaction((transaction) => fenceNotifications(transaction, messages))).toEqual([]);
    const told = await database.report.findMany({ where: { endpointId: endpoint.id } });
    expect(told.map(({ type }) => type).sort()).toEqual([
      ...["delivery.skipped", "delivery.unknown", "notification.canceled", "notification.canceled"],
      ...["notification.sent", "notification.skipped"],
    ]);
    expect(queued).toHaveLength(6);
  });

  it("lets no receipt that comes later bring anything of them back", async () => {
    const endpoint = { id: newUuid(), tenantId, mode: "live", url: "https://example.com", sealedSecret: "s" };
    await database.endpoint.create({ data: { ...endpoint, events: ["*"] } });
    const { delivery } = await happened();
    await erase({ ...ann, email: canaries.email });
    const told = { account: "acc", provider: "sendgrid", kind: "bounced_hard", at: new Date() };
    const words = { address: canaries.email, reason: `550 <${canaries.email}>` };
    await database.receipt.create({
      data: { ...told, ...words, tenantId, eventId: newUuid(), id: newUuid(), deliveryId: delivery },
    });
    const metrics = createMetrics({ process: "test" });
    await applyWaitingReceipts({ ...deps, metrics });
    expect(await database.delivery.findFirst({ where: { id: delivery } })).toMatchObject({ status: "BOUNCED" });
    expect(await database.suppression.count({ where: { tenantId } })).toBe(0);
    expect(await leaks()).toEqual([]);
  });

  it("is safe to repeat, and to ask for somebody nobody knows", async () => {
    await stored();
    await happened();
    await erase(ann);
    const again = await erase(ann);
    expect(Object.values(again).every((count) => count === 0)).toBe(true);
    expect(await database.erasure.count({ where: { tenantId } })).toBe(2);
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

describe("exporting a person", () => {
  const all = async (person: PersonName, limit = 100) => {
    const pages = [];
    let after: string | undefined;
    do {
      const page = await exportPerson(database, tenantId, person, { limit, ...(after !== undefined && { after }) });
      pages.push(publicPersonExport.parse(page));
      after = page.nextCursor === null ? undefined : Buffer.from(page.nextCursor, "base64url").toString();
    } while (after !== undefined);
    return pages;
  };

  it("gives everything there is, a page at a time, each thing once", async () => {
    await stored();
    await suppressed("sms", canaries.phone);
    for (let count = 0; count < 4; count += 1) await happened();
    await happened({
      address: canaries.phone,
      channel: "sms",
      recipientId: null,
      addresses: { phone: canaries.phone },
    });
    for (let count = 0; count < 3; count += 1) {
      const item = { id: newUuid(), tenantId, mode: "live", recipientId: canaries.id, title: "t", body: "b" };
      await database.inboxItem.create({ data: item });
    }
    const pages = await all(ann, 2);
    expect(pages.map(({ notifications }) => notifications.length)).toEqual([2, 2, 1]);
    expect(pages.map(({ recipients, suppressions }) => recipients.length + suppressions.length)).toEqual([2, 0, 0]);
    const notifications = pages.flatMap((page) => page.notifications);
    expect(new Set(notifications.map(({ id }) => id)).size).toBe(5);
    const told = notifications.map(({ deliveries }) =>
      deliveries.map(({ attempts, receipts }) => [attempts.length, receipts.length]),
    );
    expect(told).toEqual(Array(5).fill([[1, 1]]));
    expect(pages.flatMap(({ inbox }) => inbox)).toHaveLength(3);
  });

  it("gives nothing of anybody else", async () => {
    await stored("usr_partner", { email: canaries.email });
    await happened({ recipientId: "usr_partner" });
    const nothing = { recipients: [], suppressions: [], notifications: [], inbox: [] };
    expect(await all(ann)).toMatchObject([nothing]);
    tenantId = (await createTestTenant(database)).id;
    expect(await all({ id: "usr_partner", email: canaries.email })).toMatchObject([nothing]);
  });

  it("gives nothing after an erasure", async () => {
    await stored();
    await happened();
    await erase(ann);
    expect(await all(ann)).toMatchObject([{ recipients: [], notifications: [], inbox: [], hasMore: false }]);
  });
});
