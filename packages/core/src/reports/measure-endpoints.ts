import { type Database, Prisma } from "@tidings/db/client";
import { firstUuidAt } from "@tidings/shared/ids";
import type { Owner } from "../owner";

/** How reports to one endpoint fared in a span of time. */
export interface EndpointMeasure {
  /** UUID. */
  endpointId: string;
  /** Which of the spans, from 0. */
  span: number;
  /** Written then, and by now delivered. */
  delivered: number;
  /** Given up. */
  failed: number;
  /** Tried without success, and to be tried again. */
  retrying: number;
  /** Not tried yet. */
  waiting: number;
  /** Whether there are more than were counted: it tells of the newest of the span. */
  isSampled: boolean;
}

/** Times between which reports were written: from the first on, before the second; milliseconds since the epoch. */
export type MeasuredSpan = readonly [fromMs: number, belowMs: number];

/**
 * How reports to endpoints fared. Of each endpoint and span the newest `most` are read, so that it takes as long for
 * whom a million reports went to.
 * @param endpointIds UUIDs; those of other tenants have no reports here
 */
export async function measureEndpoints(
  database: Database,
  { tenantId, mode }: Owner,
  endpointIds: readonly string[],
  spans: readonly MeasuredSpan[],
  most: number,
): Promise<EndpointMeasure[]> {
  if (endpointIds.length === 0) return [];
  const isTried = Prisma.sql`r.attempts > 0 AND (r.lease_until IS NULL OR r.lease_until < clock_timestamp())`;
  const counted = (condition: Prisma.Sql) =>
    Prisma.sql`(count(*) FILTER (WHERE r.position <= ${most} AND ${condition}))::int`;
  return await database.$queryRaw<EndpointMeasure[]>`
    SELECT e.id AS "endpointId", s.span::int - 1 AS span, measured.*
    FROM unnest(${endpointIds}::uuid[]) AS e (id)
    CROSS JOIN unnest(
      ${spans.map(([fromMs]) => firstUuidAt(fromMs))}::uuid[], ${spans.map(([, belowMs]) => firstUuidAt(belowMs))}::uuid[]
    ) WITH ORDINALITY AS s (from_id, below_id, span)
    CROSS JOIN LATERAL (
      SELECT ${counted(Prisma.sql`r.status = 'DELIVERED'`)} AS delivered, ${counted(Prisma.sql`r.status = 'FAILED'`)} AS failed,
        ${counted(Prisma.sql`r.status = 'PENDING' AND ${isTried}`)} AS retrying,
        ${counted(Prisma.sql`r.status = 'PENDING' AND NOT (${isTried})`)} AS waiting,
        count(*) > ${most} AS "isSampled"
      FROM (
        SELECT status, attempts, lease_until, row_number() OVER (ORDER BY id DESC) AS position FROM (
          SELECT id, status, attempts, lease_until FROM report
          WHERE endpoint_id = e.id AND tenant_id = ${tenantId}::uuid AND mode = ${mode}
            AND id >= s.from_id AND id < s.below_id
          ORDER BY id DESC LIMIT ${most + 1}
        ) AS newest
      ) AS r
    ) AS measured
    ORDER BY e.id, s.span`;
}
