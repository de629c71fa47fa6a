import type { Database } from "@tidings/db/client";
import { firstUuidAt } from "@tidings/shared/ids";
import { getEnabledEndpoint } from "../endpoints/get-endpoint";
import type { Owner } from "../owner";
import { cursorOf, readPage } from "../page";
import type { QueueReports } from "./queue-reports";
import type { PublicRepetition, RepeatReportsBody } from "./report-schemas";
import { resetReports } from "./reset-reports";

/** Reports recovered by one request: some seconds of work. */
const mostAtOnce = 10_000;

/**
 * Posts everything again that failed at an endpoint since a time, oldest first: what was given up, and what waits for its
 * next attempt, some of it for hours yet.
 * @throws {Refusal} `not_found`, `invalid_cursor`, or `conflict` when the endpoint is disabled
 */
export async function recoverReports(
  { database, queueReports }: { database: Database; queueReports: QueueReports },
  owner: Owner,
  endpointId: string,
  { since, cursor }: RepeatReportsBody,
): Promise<PublicRepetition> {
  const { tenantId, mode } = owner;
  const { after } = readPage({ limit: mostAtOnce, cursor });
  await getEnabledEndpoint(database, owner, endpointId);
  const undelivered = await database.report.findMany({
    where: {
      tenantId,
      mode,
      endpointId,
      OR: [{ status: "FAILED" }, { status: "PENDING", nextAttemptAt: { not: null } }],
      id: { gte: firstUuidAt(since.getTime()), ...(after !== undefined && { gt: after }) },
    },
    select: { id: true },
    orderBy: { id: "asc" },
    take: mostAtOnce + 1,
  });
  const ids = undelivered.slice(0, mostAtOnce).map(({ id }) => id);
  const reset = await resetReports(database, tenantId, ids);
  await queueReports(reset);
  const hasMore = undelivered.length > mostAtOnce;
  return { reports: reset.length, hasMore, nextCursor: hasMore ? cursorOf(ids.at(-1) as string) : null };
}
