import { Prisma, type Statements } from "@tidings/db/client";
import type { Mode } from "@tidings/shared/modes";

/** Something that happened, for those endpoints that want to know. */
export interface ReportEvent {
  tenantId: string;
  mode: Mode;
  /** One of the catalogue in `@tidings/shared/report-events`. */
  type: string;
  notificationId?: string | null;
  /** What an endpoint's filters look at; an event without one passes them. */
  channel?: string | null;
  category?: string | null;
  /** What the body is made of, as the catalogue names it; ids as they are in the database. */
  facts: Readonly<Record<string, unknown>>;
}

/** A report that was written and is to be queued once the transaction has committed. */
export interface WrittenReport {
  id: string;
  endpointId: string;
}

/**
 * Whether an endpoint wants an event: the condition of a join between `endpoint AS e` and events as `v`, with columns
 * tenant_id, mode, type, channel and category. `delivery.*` stands for every type that begins so.
 */
export const endpointWants = Prisma.sql`e.tenant_id = v.tenant_id AND e.mode = v.mode AND e.enabled
  AND e.events && ARRAY['*', v.type, split_part(v.type, '.', 1) || '.*']
  AND (e.channels = '{}' OR v.channel IS NULL OR v.channel = ANY(e.channels))
  AND (e.categories = '{}' OR v.category IS NULL OR v.category = ANY(e.categories))`;

/**
 * Writes a report for each endpoint that wants an event, in the transaction of what happened: there is no outcome without
 * its report, and no report without its outcome. What it returns is queued after the commit (`queueReports`); what is
 * forgotten, the sweep finds.
 */
export async function writeReports(transaction: Statements, events: readonly ReportEvent[]): Promise<WrittenReport[]> {
  if (events.length === 0) return [];
  const rows = events.map(({ tenantId, mode, type, notificationId, channel, category, facts }) => ({
    tenant_id: tenantId,
    mode,
    type,
    notification_id: notificationId ?? null,
    channel: channel ?? null,
    category: category ?? null,
    facts,
  }));
  return await transaction.$queryRaw<WrittenReport[]>`
    INSERT INTO report (tenant_id, mode, endpoint_id, type, notification_id, facts)
    SELECT v.tenant_id, v.mode, e.id, v.type, v.notification_id, v.facts
    FROM ROWS FROM (json_to_recordset(${JSON.stringify(rows)}::json) AS (
      tenant_id uuid, mode text, type text, notification_id uuid, channel text, category text, facts jsonb))
      WITH ORDINALITY AS v (tenant_id, mode, type, notification_id, channel, category, facts, position)
    JOIN endpoint AS e ON ${endpointWants}
    ORDER BY v.position
    RETURNING id, endpoint_id AS "endpointId"`;
}
