import { type Database, Prisma } from "@tidings/db/client";
import { idsBeginningLike } from "@tidings/shared/ids";
import { deliveryFacts, notificationFacts } from "./report-facts";
import { endpointWants, type WrittenReport } from "./write-reports";

export interface MissingReports {
  tenantId: string;
  endpointId: string;
  /** UUIDs in ascending order. */
  notificationIds: readonly string[];
  /** Below all of them, and below the ids of all reports of them. */
  sinceId: string;
}

/**
 * Writes the reports of notifications that an endpoint wants and never got, made anew from what is stored: each step that
 * left a time, and the first opening, click and complaint of a delivery. A state that another replaced left none.
 *
 * A report made so gets the sequence of the last one before it about the same notification, so that it never looks newer
 * than what came later.
 */
export async function writeMissingReports(
  database: Database,
  { tenantId, endpointId, notificationIds, sinceId }: MissingReports,
): Promise<WrittenReport[]> {
  const [oldest, newest] = [notificationIds[0], notificationIds.at(-1)];
  if (oldest === undefined || newest === undefined) return [];
  const deliveries = Prisma.sql`delivery AS d JOIN notification AS n ON n.id = d.notification_id
    WHERE d.tenant_id = ${tenantId}::uuid
      AND d.id BETWEEN ${idsBeginningLike(oldest).first}::uuid AND ${idsBeginningLike(newest).last}::uuid
      AND n.tenant_id = ${tenantId}::uuid AND n.id = ANY(${notificationIds}::uuid[])`;
  const [, written] = await database.$transaction([
    // Of two replays at once the second sees what the first has written.
    database.$queryRaw`SELECT 1 AS locked FROM pg_advisory_xact_lock(hashtextextended(${endpointId}, 0))`,
    database.$queryRaw<WrittenReport[]>`
      WITH notifications AS (
        SELECT n.id, n.tenant_id, n.mode, n.category, n.recipient_id, n.channels, n.request_id, step.*
        FROM notification AS n
        CROSS JOIN LATERAL (VALUES
          (0, 'accepted', CASE WHEN n.send_at IS NULL THEN 'PENDING' ELSE 'SCHEDULED' END, n.created_at, NULL),
          (1, 'processing', 'PROCESSING', n.processing_at, NULL),
          (9, lower(n.status), n.status, n.settled_at, n.reason)
        ) AS step (position, what, status, at, reason)
        WHERE n.tenant_id = ${tenantId}::uuid AND n.id = ANY(${notificationIds}::uuid[]) AND step.at IS NOT NULL
      ),
      deliveries AS (
        SELECT d.*, n.category FROM ${deliveries}
      ),
      steps AS (
        SELECT d.id, d.tenant_id, d.mode, d.notification_id, d.channel, d.address, d.recipient_id, d.category, d.bounce, step.*
        FROM deliveries AS d
        CROSS JOIN LATERAL (VALUES
          (2, 'queued', 'QUEUED', d.created_at, NULL, NULL, NULL, 0),
          (3, 'sent', 'SENT', d.sent_at, NULL, d.provider, d.provider_message_id, d.attempt - d.busy),
          (4, lower(d.status), CASE WHEN d.status NOT IN ('QUEUED', 'SENDING', 'SENT') THEN d.status END, d.settled_at,
            d.reason, d.provider, d.provider_message_id, d.attempt - d.busy)
        ) AS step (position, what, status, at, reason, provider, provider_message_id, attempt)
        WHERE step.at IS NOT NULL AND step.status IS NOT NULL
      ),
      responses AS (
        SELECT DISTINCT ON (d.id, r.kind) d.id, d.tenant_id, d.mode, d.notification_id, d.channel, d.address,
          d.recipient_id, d.category, 5 AS position, r.kind AS what, d.status, r.at, r.reason, d.provider,
          d.provider_message_id, d.attempt - d.busy AS attempt, r.url
        FROM deliveries AS d JOIN receipt AS r ON r.delivery_id = d.id
        WHERE r.tenant_id = ${tenantId}::uuid AND r.applied_at IS NOT NULL
          AND r.kind IN ('opened', 'clicked', 'complained')
        ORDER BY d.id, r.kind, r.at
      ),
      told AS (
        SELECT v.id, v.tenant_id, v.mode, 'notification.' || v.what AS type, v.id AS notification_id,
          NULL::text AS channel, v.category, v.at, v.position, ${notificationFacts} AS facts
        FROM notifications AS v
        UNION ALL
        SELECT v.id, v.tenant_id, v.mode, 'delivery.' || v.what, v.notification_id, v.channel, v.category, v.at, v.position,
          ${deliveryFacts} || CASE WHEN v.what = 'bounced' AND v.bounce IS NOT NULL
            THEN jsonb_build_object('bounce', jsonb_build_object('kind', v.bounce, 'reason', v.reason)) ELSE '{}' END
        FROM steps AS v
        UNION ALL
        SELECT v.id, v.tenant_id, v.mode, 'delivery.' || v.what, v.notification_id, v.channel, v.category, v.at, v.position,
          ${deliveryFacts} || jsonb_build_object('url', v.url)
        FROM responses AS v
      )
      INSERT INTO report (tenant_id, mode, endpoint_id, type, notification_id, facts, sequence)
      SELECT v.tenant_id, v.mode, e.id, v.type, v.notification_id, v.facts || jsonb_build_object('occurredAt', v.at),
        coalesce((
          SELECT max(r.sequence) FROM report AS r
          WHERE r.tenant_id = v.tenant_id AND r.notification_id = v.notification_id AND r.endpoint_id = e.id
            AND r.id >= ${sinceId}::uuid AND r.created_at <= v.at), 0)
      FROM told AS v
      JOIN endpoint AS e ON e.id = ${endpointId}::uuid AND ${endpointWants}
      WHERE NOT EXISTS (
        SELECT FROM report AS r
        WHERE r.tenant_id = v.tenant_id AND r.notification_id = v.notification_id AND r.endpoint_id = e.id
          AND r.id >= ${sinceId}::uuid AND r.type = v.type AND r.facts ->> 'id' = v.id::text)
      ORDER BY v.at, v.position, v.id
      RETURNING id, endpoint_id AS "endpointId"`,
  ]);
  return written;
}
