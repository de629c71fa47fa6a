import { setTimeout as sleep } from "node:timers/promises";
import type { Database, Transaction } from "@tidings/db/client";
import { createPartitions } from "@tidings/db/partitions";
import type { Logger } from "@tidings/runtime/logger";
import type { Metrics } from "@tidings/runtime/metrics";
import { isUnavailable } from "../postgres-errors";
import type { Publish } from "./publish";
import { queuedDeliveries } from "./queued-deliveries";
import type { RoutedDelivery } from "./route";
import { type Publishable, recipientKeyOf } from "./topics";

export interface SweepDeps {
  database: Database;
  publish: Publish;
  /** Which of these deliveries are neither waiting for admission nor have a job. */
  findLost(deliveries: readonly RoutedDelivery[]): Promise<readonly RoutedDelivery[]>;
  enqueue(deliveries: readonly RoutedDelivery[]): Promise<void>;
  senderOf(channel: string): string | undefined;
  /** Whether the queues have lost everything since the last call, as a Redis that comes back empty has. */
  queuesWereEmptied(): Promise<boolean>;
  logger: Logger;
  metrics: Metrics;
}

const tickMs = 500;
const afterErrorMs = 2_000;
const housekeepingEveryMs = 60 * 60 * 1_000;
/** How many notifications one transaction looks at. */
const pageSize = 2_000;
const weekMs = 7 * 24 * 60 * 60 * 1_000;

/**
 * Brings forward what nobody else does: schedules that are due, notifications whose publication failed, deliveries whose
 * queue entry was lost. One at a time over all processes, by an advisory lock.
 *
 * The `schedule` table lists notifications to look at, and when. Beside those with a `sendAt`, it gets every notification
 * that is not settled some seconds after it was accepted: a mark moves over the ids in order and reads each once, so the
 * work is proportional to what is new and what is unsettled, never to the table.
 */
export function createSweep(deps: SweepDeps) {
  const { database, publish, enqueue, logger, metrics } = deps;
  let mustLookAtEverything = false;

  /** @returns whether there may be more to do at once */
  async function tick(): Promise<boolean> {
    mustLookAtEverything ||= await deps.queuesWereEmptied();
    if (mustLookAtEverything) await lookAtEverything();
    mustLookAtEverything = false;
    const found = await database.$transaction(
      async (transaction) => {
        if (!(await isOnlySweeper(transaction))) return null;
        const noted = await noteUnsettled(transaction);
        return { noted, ...(await takeDue(transaction)) };
      },
      { timeout: 30_000 },
    );
    if (!found) return false;
    await publishAgain(found.pending);
    await queueAgain(found.processing);
    return found.noted === pageSize || found.taken === pageSize;
  }

  /** Makes every unsettled notification due now. Those that wait for their `sendAt` are put back by the next look. */
  async function lookAtEverything(): Promise<void> {
    const count = await database.$executeRaw`UPDATE schedule SET due_at = now() WHERE due_at > now()`;
    if (count === 0) return;
    metrics.swept.inc({ reason: "queues_emptied" });
    logger.warn({ notifications: count }, "the queues were emptied; everything unsettled is looked at");
  }

  async function publishAgain(pending: readonly (Publishable & { late: boolean })[]): Promise<void> {
    const late = pending.filter((notification) => notification.late).length;
    if (!(await publish(pending)) || late === 0) return;
    metrics.swept.inc({ reason: "publication_lost" }, late);
    logger.warn({ notifications: late }, "published notifications that were still pending");
  }

  async function queueAgain(processing: readonly { id: string; tenantId: string }[]): Promise<void> {
    if (processing.length === 0) return;
    const queued = await queuedDeliveries(database, processing);
    const lost = await deps.findLost(
      queued.map((delivery) => ({ ...delivery, sender: deps.senderOf(delivery.channel) })),
    );
    if (lost.length === 0) return;
    await enqueue(lost);
    metrics.swept.inc({ reason: "queue_entry_lost" }, lost.length);
    logger.warn({ deliveries: lost.length }, "queued deliveries that had no queue entry");
  }

  return {
    /** Sweeps until `signal` aborts. */
    async run(signal: AbortSignal): Promise<void> {
      let housekeepingAt = 0;
      while (!signal.aborted) {
        let waitMs = tickMs;
        try {
          if (performance.now() >= housekeepingAt) {
            await keepHouse(database);
            housekeepingAt = performance.now() + housekeepingEveryMs;
          }
          if (await tick()) waitMs = 0;
        } catch (err) {
          if (isUnavailable(err)) logger.warn({ err }, "sweep waits for Postgres");
          else logger.error({ err }, "sweep failed; trying again");
          waitMs = afterErrorMs;
        }
        await sleep(waitMs, undefined, { signal }).catch(() => {}); // the loop's condition sees the abort
      }
    },
  };
}

/** Held to the end of the transaction. */
async function isOnlySweeper(transaction: Transaction): Promise<boolean> {
  const [row] = await transaction.$queryRaw<[{ locked: boolean }]>`
    SELECT pg_try_advisory_xact_lock(hashtext('tidings.sweep')) AS locked`;
  return row.locked;
}

/**
 * Moves the mark over notifications accepted at least 15 seconds ago (an accept is committed within that, clocks that
 * differ by seconds included) and notes those that are not settled.
 * @returns how many it read
 */
async function noteUnsettled(transaction: Transaction): Promise<number> {
  const [row] = await transaction.$queryRaw<[{ read: number }]>`
    WITH mark AS (
      SELECT coalesce((SELECT position FROM sweep_mark WHERE name = 'notification'),
        uuid_at(now() - interval '400 days')) AS position
    ),
    page AS (
      SELECT n.id, n.tenant_id, n.status FROM notification AS n
      WHERE n.id > (SELECT position FROM mark) AND n.id < uuid_at(now() - interval '15 seconds')
      ORDER BY n.id LIMIT ${pageSize}
    ),
    noted AS (
      INSERT INTO schedule (notification_id, tenant_id, due_at)
      SELECT id, tenant_id, CASE status WHEN 'PENDING' THEN now() ELSE now() + interval '15 seconds' END
      FROM page WHERE status IN ('PENDING', 'PROCESSING')
      ON CONFLICT DO NOTHING
    ),
    moved AS (
      INSERT INTO sweep_mark (name, position)
      SELECT 'notification', id FROM page ORDER BY id DESC LIMIT 1
      ON CONFLICT (name) DO UPDATE SET position = excluded.position
    )
    SELECT count(*)::int AS read FROM page`;
  return row.read;
}

interface DueNotification extends Publishable {
  status: string;
  late: boolean;
}

/**
 * Takes what is due: schedules become PENDING; whatever is unsettled is looked at again, the older the later, up to ten
 * minutes apart; the rest leaves the table.
 */
async function takeDue(transaction: Transaction) {
  const rows = await transaction.$queryRaw<
    (Omit<DueNotification, "recipientKey"> & { recipientId: string | null; addresses: Record<string, string> })[]
  >`
    WITH due AS (
      DELETE FROM schedule WHERE notification_id IN (
        SELECT notification_id FROM schedule WHERE due_at <= now() ORDER BY due_at LIMIT ${pageSize})
      RETURNING notification_id, tenant_id
    ),
    started AS (
      UPDATE notification AS n SET status = 'PENDING'
      FROM due AS d
      WHERE n.id = d.notification_id AND n.tenant_id = d.tenant_id AND n.status = 'SCHEDULED' AND n.send_at <= now()
      RETURNING n.id
    )
    SELECT n.id, n.tenant_id AS "tenantId", n.mode, n.priority, n.bulk, n.recipient_id AS "recipientId", n.addresses,
      CASE WHEN s.id IS NULL THEN n.status ELSE 'PENDING' END AS status, s.id IS NULL AS late
    FROM due AS d
    JOIN notification AS n ON n.id = d.notification_id AND n.tenant_id = d.tenant_id
    LEFT JOIN started AS s ON s.id = n.id
    WHERE s.id IS NOT NULL OR n.status IN ('SCHEDULED', 'PENDING', 'PROCESSING')`;
  const unsettled = rows.map((row) => row.id);
  if (unsettled.length > 0) {
    await transaction.$executeRaw`
      INSERT INTO schedule (notification_id, tenant_id, due_at)
      SELECT id, tenant_id, CASE
        WHEN status = 'SCHEDULED' THEN send_at
        ELSE now() + least(interval '10 minutes', greatest(interval '15 seconds',
          (now() - greatest(created_at, coalesce(send_at, created_at))) / 2)) END
      FROM notification WHERE id = ANY(${unsettled}::uuid[])
      ON CONFLICT DO NOTHING`;
  }
  const due = rows.map(({ recipientId, addresses, ...row }) => ({
    ...row,
    recipientKey: recipientKeyOf(recipientId, addresses),
  }));
  return {
    taken: rows.length,
    pending: due.filter((notification) => notification.status === "PENDING"),
    processing: due.filter((notification) => notification.status === "PROCESSING"),
  };
}

/** Makes partitions ahead and drops stored answers of Idempotency-Keys after two days, a page at a time. */
async function keepHouse(database: Database): Promise<void> {
  const now = Date.now();
  await createPartitions(database, new Date(now), new Date(now + 5 * weekMs));
  for (let dropped = pageSize; dropped === pageSize; ) {
    dropped = await database.$executeRaw`
      DELETE FROM idempotency_key WHERE ctid IN (
        SELECT ctid FROM idempotency_key WHERE created_at < now() - interval '48 hours' LIMIT ${pageSize})`;
  }
}
