import { setTimeout as sleep } from "node:timers/promises";
import { idsBeginningLike, publicId, uuidOf } from "@tidings/shared/ids";
import type { System } from "../load/system";

const lookEveryMs = 2_000;

/** Waits until nothing that was accepted is under way. @throws {Error} when nothing has moved for `stuckMs` */
export async function waitUntilSettled(
  { database }: System,
  { say, stuckMs = 120_000 }: { say(message: string): void; stuckMs?: number },
): Promise<void> {
  let last = -1;
  let movedAt = performance.now();
  for (;;) {
    const [row] = await database.$queryRaw<[{ open: number }]>`
      SELECT count(*)::int AS open FROM notification WHERE status IN ('PENDING', 'PROCESSING')`;
    if (row.open === 0) return;
    if (row.open !== last) movedAt = performance.now();
    else if (performance.now() - movedAt > stuckMs) throw new Error(`${row.open} notifications are stuck`);
    last = row.open;
    say(`${row.open} notifications are still under way`);
    await sleep(lookEveryMs);
  }
}

/** How what was answered compares with what was stored and what arrived. */
export interface Count {
  accepted: number;
  /** Accepted without a row in Postgres. */
  rowless: number;
  /** Rows that nobody was answered 202 for: their answer was lost on the way, or came too late. */
  unanswered: number;
  sent: number;
  failed: number;
  /** Sent according to Postgres and never seen by the receiver; 0 where there is none. */
  lost: number;
  /** Seen twice by the receiver. */
  doubled: number;
}

/**
 * Compares ids answered 202 with rows and with what the receiver has.
 * @param hasReceiver whether the channel ends at the sink; the sandbox ends in Postgres, and in-app in an inbox there
 */
export async function count(
  { database, sink }: System,
  accepted: Iterable<string>,
  hasReceiver: boolean,
): Promise<Count> {
  const answered = new Set<string>();
  for (const id of accepted) answered.add(uuidOf("notification", id) as string);
  const rows = await database.$queryRaw<{ id: string; delivery: string | null; status: string }[]>`
    SELECT n.id, d.id AS delivery,
      CASE WHEN d.channel = 'in_app' AND d.status = 'SENT' AND i.id IS NULL THEN 'not in the inbox'
        ELSE coalesce(d.status, n.status) END AS status
    FROM notification AS n
    LEFT JOIN delivery AS d ON d.notification_id = n.id AND d.tenant_id = n.tenant_id
    LEFT JOIN inbox_item AS i ON i.id = d.id AND i.tenant_id = d.tenant_id`;
  const stored = new Set(rows.map(({ id }) => id));
  const sent = rows.filter(({ status }) => status === "SENT");
  const report = hasReceiver ? await sink.ask("report") : null;
  const arrived = new Set(report?.ids);
  const isLost = ({ delivery }: { delivery: string | null }) =>
    report !== null && delivery !== null && !arrived.has(publicId("delivery", delivery));
  return {
    accepted: answered.size,
    rowless: [...answered].filter((id) => !stored.has(id)).length,
    unanswered: [...stored].filter((id) => !answered.has(id)).length,
    sent: sent.length,
    failed: rows.length - sent.length,
    lost: sent.filter(isLost).length,
    doubled: report?.repeated.length ?? 0,
  };
}

/** @throws {Error} when anything was lost, doubled or not sent */
export function mustComeOutEven(found: Count): void {
  const { rowless, unanswered, failed, lost, doubled } = found;
  if (rowless + unanswered + failed + lost + doubled > 0 || found.accepted !== found.sent)
    throw new Error(`the count does not come out even: ${JSON.stringify(found)}`);
}

const perQuery = 10_000;

/**
 * That each of these was stored and sent, once: for databases that are too large to be read whole.
 * @param hasReceiver whether the sink must have them too
 * @throws {Error} when one was not, or a message came twice
 */
export async function mustBeSent(
  { database, sink }: System,
  accepted: readonly string[],
  hasReceiver: boolean,
): Promise<void> {
  const report = hasReceiver ? await sink.ask("report") : null;
  const arrived = new Set(report?.ids);
  let missing = 0;
  for (let start = 0; start < accepted.length; start += perQuery) {
    const ids = accepted.slice(start, start + perQuery).map((id) => uuidOf("notification", id) as string);
    const ranges = ids.map(idsBeginningLike);
    const sent = await database.$queryRaw<{ delivery: string }[]>`
      SELECT d.id AS delivery
      FROM unnest(${ids}::uuid[], ${ranges.map(({ first }) => first)}::uuid[], ${ranges.map(({ last }) => last)}::uuid[])
        AS given (id, first, last)
      JOIN notification AS n ON n.id = given.id
      CROSS JOIN LATERAL (
        SELECT id FROM delivery
        WHERE id BETWEEN given.first AND given.last AND notification_id = n.id AND tenant_id = n.tenant_id
          AND status = 'SENT'
        OFFSET 0 -- keeps the planner from reading the whole table instead of a range for each
      ) AS d
      WHERE n.status = 'SENT'`;
    const there = report ? sent.filter(({ delivery }) => arrived.has(publicId("delivery", delivery))) : sent;
    missing += ids.length - there.length;
  }
  const doubled = report?.repeated.length ?? 0;
  if (missing + doubled > 0)
    throw new Error(`of ${accepted.length} accepted, ${missing} were not sent; ${doubled} arrived twice`);
}
