import type { Database } from "@tidings/db/client";
import { firstUuidAt } from "@tidings/shared/ids";
import { getEnabledEndpoint } from "../endpoints/get-endpoint";
import type { Owner } from "../owner";
import { cursorOf, readPage } from "../page";
import type { QueueReports } from "./queue-reports";
import type { PublicRepetition, RepeatReportsBody } from "./report-schemas";
import { writeMissingReports } from "./write-missing-reports";

/** Notifications of one statement, and statements of one request: some seconds of work. */
const pageSize = 1_000;
const mostPages = 5;

/**
 * Posts what an endpoint was never told of the notifications accepted since a time, oldest first: what happened before
 * the endpoint was made, while it was disabled, or before it asked for such events. Doing it twice adds nothing.
 * @throws {Refusal} `not_found`, `invalid_cursor`, or `conflict` when the endpoint is disabled
 */
export async function replayReports(
  { database, queueReports }: { database: Database; queueReports: QueueReports },
  owner: Owner,
  endpointId: string,
  { since, cursor }: RepeatReportsBody,
): Promise<PublicRepetition> {
  const { tenantId, mode } = owner;
  let { after } = readPage({ limit: pageSize, cursor });
  await getEnabledEndpoint(database, owner, endpointId);
  const sinceId = firstUuidAt(since.getTime());
  let reports = 0;
  for (let page = 0; page < mostPages; page += 1) {
    const notifications = await database.notification.findMany({
      where: { tenantId, mode, id: { gte: sinceId, ...(after !== undefined && { gt: after }) } },
      select: { id: true },
      orderBy: { id: "asc" },
      take: pageSize,
    });
    const ids = notifications.map(({ id }) => id);
    const written = await writeMissingReports(database, { tenantId, endpointId, notificationIds: ids, sinceId });
    await queueReports(written);
    reports += written.length;
    after = ids.at(-1) ?? after;
    if (ids.length < pageSize) return { reports, hasMore: false, nextCursor: null };
  }
  return { reports, hasMore: true, nextCursor: cursorOf(after as string) };
}
