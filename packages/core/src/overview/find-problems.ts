import { providerName } from "@tidings/channels/registry";
import { type Database, Prisma } from "@tidings/db/client";
import { publicId, uuidTimeMs } from "@tidings/shared/ids";
import type { DeliveryStatus } from "@tidings/shared/lifecycles";
import type { Owner } from "../owner";
import { readBack } from "../read-back";

/** Deliveries that went wrong alike. */
export interface Problem {
  channel: string;
  status: DeliveryStatus;
  /** Its name; empty when none was tried. */
  provider: string;
  /** Words of the last of them, what differs from one to the next left out. */
  reason: string;
  count: number;
  lastAt: string;
  /** The last of their notifications. */
  notificationId: string;
}

export interface FoundProblems {
  /** The most frequent first. */
  problems: Problem[];
  /** Down to when deliveries were looked at, when time was up before the start of the span; null otherwise. */
  searchedTo: string | null;
}

/** Most problems that are told apart; who has more has one problem. */
const maxProblems = 20;
/** Longest that they are looked for. */
const budgetMs = 45;

interface Group {
  channel: string;
  status: DeliveryStatus;
  provider: string;
  reason: string;
  count: number;
  lastAt: string;
  notificationId: string;
}

/** What went wrong with a tenant's deliveries of a span of ids, by why. */
export async function findProblems(
  database: Database,
  { tenantId, mode }: Owner,
  { from, below }: { from: string; below: string },
): Promise<FoundProblems> {
  const problems = new Map<string, Problem>();
  const end = await readBack({ below, atLeast: 1_024, budgetMs }, async (to, step) => {
    const size = Prisma.raw(String(step)); // the planner has to know it
    const [row] = await database.$queryRaw<[{ count: number; last: string | null; groups: Group[] }]>`
      WITH scanned AS MATERIALIZED (
        SELECT id, notification_id, mode, channel, status, provider, reason, settled_at FROM delivery
        WHERE tenant_id = ${tenantId}::uuid AND id >= ${from}::uuid AND id < ${to}::uuid
        ORDER BY id DESC LIMIT ${size}
      ),
      wrong AS (
        SELECT channel, status, coalesce(provider, '') AS provider, coalesce(reason, '') AS reason, count(*)::int AS count,
          max(settled_at) AS "lastAt", (array_agg(notification_id ORDER BY id DESC))[1] AS "notificationId"
        FROM scanned WHERE mode = ${mode} AND status IN ('FAILED', 'BOUNCED', 'UNKNOWN') AND settled_at IS NOT NULL
        GROUP BY 1, 2, 3, 4 LIMIT 2000
      )
      SELECT (SELECT count(*)::int FROM scanned) AS count, (SELECT id FROM scanned ORDER BY id LIMIT 1) AS last,
        (SELECT coalesce(json_agg(wrong), '[]') FROM wrong) AS groups`;
    for (const group of row.groups) add(problems, group);
    return row;
  });
  return {
    problems: [...problems.values()]
      .sort((one, other) => other.count - one.count)
      .slice(0, maxProblems)
      .map((problem) => ({ ...problem, provider: providerName(problem.provider) })),
    searchedTo: end.why === "time" ? new Date(uuidTimeMs(end.to)).toISOString() : null,
  };
}

function add(problems: Map<string, Problem>, { notificationId, lastAt, ...group }: Group): void {
  const reason = withoutParticulars(group.reason);
  const key = [group.channel, group.status, group.provider, reason].join("\n");
  const known = problems.get(key);
  const at = new Date(lastAt).toISOString();
  const count = group.count + (known?.count ?? 0);
  if (known && known.lastAt >= at) problems.set(key, { ...known, count });
  else
    problems.set(key, {
      ...group,
      reason,
      count,
      lastAt: at,
      notificationId: publicId("notification", notificationId),
    });
}

/** Providers name the address, an id of the message or a time in their words: what differs would make each its own problem. */
export function withoutParticulars(reason: string): string {
  return reason
    .replaceAll(/<?[^\s<>"'(),:;]+@[^\s<>"'(),:;]+>?/g, "…")
    .replaceAll(/\+\d{6,}/g, "…")
    .replaceAll(/\b(?=\w*\d)[\w-]{9,}/g, "…")
    .slice(0, 200);
}
