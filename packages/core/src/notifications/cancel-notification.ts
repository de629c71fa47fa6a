import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import type { Owner } from "../owner";
import type { QueueReports } from "../reports/queue-reports";
import { notificationFacts } from "../reports/report-facts";
import { endpointWants, type WrittenReport } from "../reports/write-reports";
import { getNotification } from "./get-notification";
import type { NotificationStory } from "./notification-row";

/**
 * Cancels a notification that is not being processed yet. Canceling it again changes nothing.
 * @returns its story after that
 * @throws {Refusal} `not_found`, or `conflict` when it is too late
 */
export async function cancelNotification(
  { database, queueReports }: { database: Database; queueReports: QueueReports },
  owner: Owner,
  id: string,
): Promise<NotificationStory> {
  const { tenantId, mode } = owner;
  const reports = await database.$transaction(async (transaction) => {
    // The sweeper takes the two rows in this order as well: neither can wait for the other for ever.
    await transaction.$queryRaw`
      SELECT 1 FROM schedule WHERE notification_id = ${id}::uuid AND tenant_id = ${tenantId}::uuid FOR UPDATE`;
    return await transaction.$queryRaw<WrittenReport[]>`
      WITH canceled AS (
        UPDATE notification SET status = 'CANCELED', settled_at = clock_timestamp()
        WHERE id = ${id}::uuid AND tenant_id = ${tenantId}::uuid AND mode = ${mode}
          AND status IN ('SCHEDULED', 'PENDING')
        RETURNING *
      ),
      unlisted AS (
        DELETE FROM schedule USING canceled
        WHERE schedule.notification_id = canceled.id AND schedule.tenant_id = canceled.tenant_id
      )
      INSERT INTO report (tenant_id, mode, endpoint_id, type, notification_id, facts)
      SELECT v.tenant_id, v.mode, e.id, v.type, v.id, ${notificationFacts}
      FROM (SELECT *, 'notification.canceled' AS type, NULL AS channel FROM canceled) AS v
      JOIN endpoint AS e ON ${endpointWants}
      RETURNING id, endpoint_id AS "endpointId"`;
  });
  await queueReports(reports);
  const story = await getNotification(database, owner, id);
  const { status } = story.notification;
  if (status === "CANCELED") return story;
  throw new Refusal("conflict", `The notification is ${status} already: it is too late to cancel it.`);
}
