import type { Database } from "@tidings/db/client";
import type { Owner } from "../owner";
import { notificationFacts } from "../reports/report-facts";
import { endpointWants, type WrittenReport } from "../reports/write-reports";

/** A notification as it is first written. */
export interface AcceptedRow extends Owner {
  id: string;
  status: "PENDING" | "SCHEDULED";
  priority: number;
  bulk: boolean;
  category: string | null;
  templateId: string | null;
  templateVersion: number | null;
  recipientId: string | null;
  addresses: Readonly<Record<string, string>>;
  channels: readonly string[];
  data: Record<string, unknown> | null;
  locale: string | null;
  content: Readonly<Record<string, unknown>> | null;
  requestId: string;
  idempotencyKey: string | null;
  sendAt: Date | null;
  /** UUID of the notification that this one repeats. */
  resendOf?: string;
}

/** The notifications of one request: all of them are written, or none because its Idempotency-Key was used before. */
export interface AcceptGroup extends Owner {
  idempotency: { key: string; bodyHash: string } | null;
  rows: readonly AcceptedRow[];
  /** The rows as JSON, one after the other with commas between: what is sent, and what waiting costs. */
  rowsJson: string;
  /** What the caller is answered, kept with the key. */
  response: unknown;
}

/** What to answer: this request's own response, or the one its key was first answered with. */
export interface StoredAnswer {
  response: unknown;
  /** Of the request that was first answered; null without a key. */
  bodyHash: string | null;
}

/** What became of many requests. */
export interface InsertedGroups {
  /** One for each group, in order: an Error for one whose key was used before when its first answer could not be read. */
  answers: readonly (StoredAnswer | Error)[];
  /** The rows that were written. */
  inserted: readonly AcceptedRow[];
  /** What endpoints are told of them, to be queued. */
  reports: readonly WrittenReport[];
}

/**
 * Writes many requests in one statement: idempotency keys, the notifications of those whose key is new, their schedules,
 * and a report for each endpoint that wants to know. A request whose key is being written by another transaction waits for
 * it and gets its answer.
 */
export async function insertAccepted(database: Database, groups: readonly AcceptGroup[]): Promise<InsertedGroups> {
  const firsts = firstOfEachKey(groups);
  const rows = firsts.flatMap((group) => group.rows);
  const { ids, reports } = await insert(database, firsts);
  const written = new Set(ids);
  const firstSet = new Set(firsts);
  const isBeaten = (group: AcceptGroup) =>
    group.idempotency !== null && !(firstSet.has(group) && group.rows.some((row) => written.has(row.id)));
  const beaten = groups.filter(isBeaten);
  const earlier = await storedAnswers(database, beaten).catch((error: Error) => error);
  const answers = groups.map((group) => {
    if (!isBeaten(group)) return { response: group.response, bodyHash: group.idempotency?.bodyHash ?? null };
    if (earlier instanceof Error) return earlier;
    return earlier.get(keyOfGroup(group)) ?? new Error("an idempotency key was in the way and is gone");
  });
  return { answers, inserted: rows.filter((row) => written.has(row.id)), reports };
}

/** Of several groups with the same key in one flush, the first is written and the others get its answer. */
function firstOfEachKey(groups: readonly AcceptGroup[]): AcceptGroup[] {
  const seen = new Set<string>();
  return groups.filter((group) => {
    if (!group.idempotency) return true;
    const key = keyOfGroup(group);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function keyOfGroup({ tenantId, mode, idempotency }: AcceptGroup): string {
  return keyOf({ tenantId, mode, key: idempotency?.key });
}

/** An Idempotency-Key with whose it is, as one text. */
function keyOf({ tenantId, mode, key }: Owner & { key: string | undefined }): string {
  return `${tenantId}\n${mode}\n${key}`;
}

/**
 * Rows travel as one JSON value, in both directions: writing and reading it costs Node a fraction of what an array for
 * each column, and a mapped value for each cell, do.
 */
async function insert(database: Database, groups: readonly AcceptGroup[]) {
  const rows = `[${groups.flatMap(({ rowsJson }) => rowsJson || []).join(",")}]`;
  const keyed = groups.flatMap(({ tenantId, mode, idempotency, response }) =>
    idempotency ? [{ tenant_id: tenantId, mode, key: idempotency.key, body_hash: idempotency.bodyHash, response }] : [],
  );
  const tenantIds = [...new Set(groups.map(({ tenantId }) => tenantId))];
  // Keys are inserted in one order everywhere, so that two flushes that share keys wait for, and never deadlock, each other.
  const [inserted] = await database.direct.$queryRaw<[{ ids: string[]; reports: WrittenReport[] }]>`
    WITH keys AS (
      INSERT INTO idempotency_key (tenant_id, mode, key, body_hash, status, response)
      SELECT tenant_id, mode, key, body_hash, 202, response
      FROM json_to_recordset(${JSON.stringify(keyed)}::json) AS given (
        tenant_id uuid, mode text, key text, body_hash text, response jsonb)
      ORDER BY tenant_id, mode, key
      ON CONFLICT DO NOTHING
      RETURNING tenant_id, mode, key
    ),
    written AS (
      INSERT INTO notification (
        id, tenant_id, mode, status, priority, bulk, category, template_id, template_version, recipient_id, addresses,
        channels, data, locale, content, request_id, idempotency_key, send_at, resend_of, created_at)
      SELECT
        id, "tenantId", mode, status, priority, bulk, category, "templateId", "templateVersion", "recipientId",
        addresses, channels, data, locale, content, "requestId", "idempotencyKey", "sendAt", "resendOf",
        clock_timestamp()
      FROM json_to_recordset(${rows}::json) AS given (
        id uuid, "tenantId" uuid, mode text, status text, priority smallint, bulk boolean, category text,
        "templateId" uuid, "templateVersion" int, "recipientId" text, addresses jsonb, channels text[], data jsonb,
        locale text, content jsonb, "requestId" text, "idempotencyKey" text, "sendAt" timestamptz,
        "resendOf" uuid)
      WHERE "idempotencyKey" IS NULL OR ("tenantId", mode, "idempotencyKey") IN (SELECT tenant_id, mode, key FROM keys)
      RETURNING id, tenant_id, mode, status, priority, category, recipient_id, channels, reason, request_id, send_at
    ),
    scheduled AS ( -- and what this process' clock, which made the ids, hides from the sweeper: it looks by ids
      INSERT INTO schedule (notification_id, tenant_id, priority, due_at)
      SELECT id, tenant_id, priority, coalesce(send_at, now() + interval '15 seconds') FROM written
      WHERE status = 'SCHEDULED' OR id < (SELECT uuid_at(now() - interval '10 seconds'))
        OR id > (SELECT uuid_at(now() + interval '10 seconds'))
    ),
    told AS (
      INSERT INTO report (tenant_id, mode, endpoint_id, type, notification_id, facts)
      SELECT v.tenant_id, v.mode, e.id, v.type, v.id, ${notificationFacts}
      FROM (SELECT *, 'notification.accepted' AS type, NULL AS channel FROM written) AS v
      JOIN endpoint AS e ON e.tenant_id = ANY(${tenantIds}::uuid[]) AND ${endpointWants}
      RETURNING id, endpoint_id AS "endpointId"
    )
    SELECT (SELECT coalesce(json_agg(id), '[]') FROM written) AS ids,
      (SELECT coalesce(json_agg(told), '[]') FROM told) AS reports`;
  return inserted;
}

async function storedAnswers(database: Database, groups: readonly AcceptGroup[]): Promise<Map<string, StoredAnswer>> {
  if (groups.length === 0) return new Map();
  const stored = await database.direct.$queryRaw<(Owner & { key: string; bodyHash: string; response: unknown })[]>`
    SELECT tenant_id AS "tenantId", mode, key, body_hash AS "bodyHash", response
    FROM idempotency_key
    WHERE (tenant_id, mode, key) IN (
      SELECT * FROM unnest(
        ${groups.map((group) => group.tenantId)}::uuid[],
        ${groups.map((group) => group.mode)}::text[],
        ${groups.map((group) => group.idempotency?.key)}::text[]))`;
  return new Map(stored.map(({ response, bodyHash, ...owned }) => [keyOf(owned), { response, bodyHash }]));
}
