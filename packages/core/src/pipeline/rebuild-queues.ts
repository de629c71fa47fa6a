import type { Transaction } from "@tidings/db/client";
import type { WrittenReport } from "../reports/write-reports";

/** Smaller than every id. */
const beforeAll = "00000000-0000-0000-0000-000000000000";

/**
 * A rebuild of queues that were emptied, kept in `sweep_mark`, so that whichever process sweeps next goes on with it. A walk
 * over what is listed, in the order of ids, queues everything unsettled without asking the queues. It changes next to nothing
 * in the list, so that a step costs the same however much is listed.
 */
export interface Rebuild {
  /** What has a larger id came after the queues were emptied. */
  until: string;
  /** How far each walk has come: what is listed up to here is queued again. */
  notification: string;
  report: string;
}
type Walk = "notification" | "report";

/** Begins a rebuild, or begins it anew when the queues were emptied once more. Ids may come from clocks that differ by seconds. */
export async function beginRebuild(transaction: Transaction): Promise<void> {
  await transaction.$executeRaw`
    INSERT INTO sweep_mark (name, position) VALUES ('rebuild.until', uuid_at(now() + interval '15 seconds')),
      ('rebuild.notification', ${beforeAll}::uuid), ('rebuild.report', ${beforeAll}::uuid)
    ON CONFLICT (name) DO UPDATE SET position = excluded.position`;
}

/** @returns null when none is under way */
export async function readRebuild(transaction: Transaction): Promise<Rebuild | null> {
  const marks = await transaction.$queryRaw<{ name: keyof Rebuild; position: string }[]>`
    SELECT substr(name, 9) AS name, position FROM sweep_mark WHERE name LIKE 'rebuild.%'`;
  if (marks.length === 0) return null;
  const {
    until = beforeAll,
    notification = until,
    report = until,
  } = Object.fromEntries(marks.map(({ name, position }) => [name, position]));
  return { until, notification, report };
}

/** Whether the rebuild will come to this row; until then nobody else needs to look for it in the queues. */
export function isLeftTo(rebuild: Rebuild | null, walk: Walk, { id }: { id: string }): boolean {
  return rebuild !== null && id > rebuild[walk] && id <= rebuild.until;
}

/** One step of each walk: what is to be queued, and where they stand when that is done. */
interface RebuildPage {
  /** Notifications whose deliveries are to be queued. */
  processing: readonly { id: string; tenantId: string }[];
  reports: readonly WrittenReport[];
  after: Rebuild;
}

/**
 * Reads the next page of each walk. What waits for the event log, which may have been emptied too, is made due to be
 * published again.
 * @param noted the ids up to which everything unsettled is listed
 */
export async function readRebuildPage(
  transaction: Transaction,
  rebuild: Rebuild,
  noted: Pick<Rebuild, Walk>,
  limit: number,
): Promise<RebuildPage> {
  const endOf = (walk: Walk) => (noted[walk] < rebuild.until ? noted[walk] : rebuild.until);
  const notifications = await transaction.$queryRaw<{ id: string }[]>`
    SELECT notification_id AS id FROM schedule
    WHERE notification_id > ${rebuild.notification}::uuid AND notification_id <= ${endOf("notification")}::uuid
    ORDER BY notification_id LIMIT ${limit}`;
  const reports = await transaction.$queryRaw<{ id: string }[]>`
    SELECT report_id AS id FROM report_schedule
    WHERE report_id > ${rebuild.report}::uuid AND report_id <= ${endOf("report")}::uuid
    ORDER BY report_id LIMIT ${limit}`;
  await transaction.$executeRaw`
    UPDATE schedule SET due_at = now() WHERE due_at > now() AND notification_id IN (
      SELECT id FROM notification WHERE id = ANY(${idsOf(notifications)}::uuid[]) AND status = 'PENDING')`;
  const positionAfter = (walk: Walk, page: readonly { id: string }[]) => {
    const reached = page.length === limit ? page.at(-1)?.id : endOf(walk);
    return reached !== undefined && reached > rebuild[walk] ? reached : rebuild[walk];
  };
  return {
    processing: await transaction.$queryRaw<{ id: string; tenantId: string }[]>`
      SELECT id, tenant_id AS "tenantId" FROM notification
      WHERE id = ANY(${idsOf(notifications)}::uuid[]) AND status = 'PROCESSING' ORDER BY id`,
    reports: await transaction.$queryRaw<WrittenReport[]>`
      SELECT id, endpoint_id AS "endpointId" FROM report
      WHERE id = ANY(${idsOf(reports)}::uuid[]) AND status = 'PENDING' ORDER BY id`,
    after: {
      until: rebuild.until,
      notification: positionAfter("notification", notifications),
      report: positionAfter("report", reports),
    },
  };
}

const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

/** Notes how far the walks have come; when both have come to the end, the rebuild is over. */
export async function noteRebuilt(transaction: Transaction, { until, notification, report }: Rebuild): Promise<void> {
  if (notification === until && report === until) {
    await transaction.$executeRaw`DELETE FROM sweep_mark WHERE name LIKE 'rebuild.%'`;
    return;
  }
  await transaction.$executeRaw`
    UPDATE sweep_mark SET position = CASE name WHEN 'rebuild.report' THEN ${report}::uuid ELSE ${notification}::uuid END
    WHERE name IN ('rebuild.notification', 'rebuild.report')`;
}
