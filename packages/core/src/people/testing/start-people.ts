import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { newUuid, publicId } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeEach, expect } from "vitest";
import { deliveryId } from "../../pipeline/delivery-id";
import type { WrittenReport } from "../../reports/write-reports";
import { type ErasePersonDeps, erasePerson } from "../erase-person";
import { type ErasedCounts, type ErasePersonBody, erasePersonBody, type PersonName } from "../person-schemas";

/** What nobody must find after an erasure. */
export const canaries = {
  id: "usr_canary_7411",
  name: "Zwitscherina Kanarius",
  email: "Canary.Ann@example.com",
  formerEmail: "former.canary@example.com",
  phone: "+14155557411",
  token: "canary-token-7411",
};

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

/** A person whose every word is a canary, in a tenant that is each test's own. */
export async function startPeople() {
  const at = { tenantId: "" };
  const requestedBy = publicId("key", newUuid());
  const queued: WrittenReport[] = [];
  const logLines: string[] = [];
  const database = openDatabase({ url: await createTestDatabase(), poolSize: 6, applicationName: "test" });
  const destination = { write: (line: string) => void logLines.push(line) };
  const logger = createLogger({ name: "test", level: "debug", destination });
  const deps: ErasePersonDeps = { database, queueReports: async (reports) => void queued.push(...reports), logger };
  afterAll(() => database.$disconnect());
  beforeEach(async () => {
    queued.length = 0;
    at.tenantId = (await createTestTenant(database)).id;
  });

  /** Erases as the verb does. @returns what was erased */
  const erase = async (person: PersonName, rest: Partial<ErasePersonBody> = {}) => {
    const body = erasePersonBody.parse({ person, ...rest });
    return (await erasePerson(deps, { tenantId: at.tenantId, requestedBy }, body)).erased as ErasedCounts;
  };

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
    const common = { tenantId: at.tenantId, mode: "live", priority: 2, createdAt: new Date(), recipientId };
    const words = `550 <${address}> ${canaries.name} unknown`;
    await database.notification.create({
      data: {
        ...{
          ...common,
          id,
          status,
          bulk: false,
          channels: [channel],
          addresses: story.addresses ?? {},
          locale: "pt-BR",
        },
        ...{ requestId: `for-${canaries.email}`, idempotencyKey: story.idempotencyKey ?? null, reason: words },
        ...{ data: { name: canaries.name }, content: { email: { subject: canaries.name, text: canaries.phone } } },
      },
    });
    if (status === "SCHEDULED")
      await database.schedule.create({ data: { notificationId: id, tenantId: at.tenantId, dueAt: new Date() } });
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
      await database.attempt.create({ data: { tenantId: at.tenantId, deliveryId: dlv, number: 1, ...tried } });
    }
    const call = {
      id: newUuid(),
      tenantId: at.tenantId,
      account: "acc",
      provider: "sendgrid",
      headers: { "x-to": address },
    };
    await database.receiptCall.create({ data: { ...call, body: new Uint8Array(Buffer.from(words)) } });
    const told = {
      ...{ account: "acc", provider: "sendgrid", kind: "clicked", address, reason: words, at: new Date() },
      tenantId: at.tenantId,
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
      data: { tenantId: at.tenantId, mode: "live", endpointId, type, notificationId, facts },
    });
    const attempt = { tenantId: at.tenantId, number: 1, outcome: "failed", startedAt: new Date(), durationMs: 1 };
    const response = `we know ${canaries.email}`;
    await database.reportAttempt.create({
      data: { ...attempt, reportId: report.id, response, reason: canaries.phone },
    });
  }

  async function stored(id = canaries.id, addresses: object = { email: canaries.email, phone: canaries.phone }) {
    await database.recipient.create({
      data: { tenantId: at.tenantId, id, addresses: addresses as object, data: { name: canaries.name } },
    });
    const device = { id: newUuid(), tenantId: at.tenantId, recipientId: id, platform: "ios" };
    await database.device.create({ data: { ...device, token: `${canaries.token}-${id}` } });
  }

  async function suppressed(channel: string, address: string): Promise<void> {
    const id = newUuid();
    await database.suppression.create({
      data: { id, tenantId: at.tenantId, channel, address, reason: "hard_bounce", detail: canaries.name },
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

  return { at, database, deps, requestedBy, queued, logLines, erase, happened, stored, suppressed, leaks };
}
