import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import type { Owner } from "../owner";
import type { Publish } from "../pipeline/publish";
import { recipientKeyOf } from "../pipeline/topics";
import { getDeadLetter } from "./get-dead-letter";
import type { DeadLetterRow } from "./present-dead-letter";

/**
 * Publishes the notification of a dead letter again. What failed was rolled back, so it is still PENDING and its row
 * says all that the message needs; doing it twice changes nothing, because routing lets a notification through once.
 * @returns the dead letter after that
 * @throws {Refusal} `not_found`; `conflict` when the notification is not waiting to be routed; `unavailable` when the
 * event log did not take it
 */
export async function replayDeadLetter(
  { database, publish }: { database: Database; publish: Publish },
  owner: Owner,
  id: string,
): Promise<DeadLetterRow> {
  const { tenantId, mode } = owner;
  const { notificationId } = await getDeadLetter(database, owner, id);
  const notification = await database.notification.findFirst({ where: { tenantId, mode, id: notificationId } });
  if (!notification) throw new Refusal("conflict", "The notification is no longer kept: there is nothing to replay.");
  const { status, priority, bulk, recipientId, addresses } = notification;
  if (status !== "PENDING") {
    throw new Refusal("conflict", `The notification is ${status} by now: there is nothing to replay.`);
  }
  const recipientKey = recipientKeyOf(recipientId, addresses as Record<string, string>);
  if (!(await publish([{ id: notificationId, tenantId, mode, priority, bulk, recipientKey }]))) {
    throw new Refusal("unavailable", "The event log did not take the message; it is still to be replayed.", {
      retryAfterSeconds: 2,
    });
  }
  await database.deadLetter.updateMany({ where: { tenantId, mode, id }, data: { replayedAt: new Date() } });
  return await getDeadLetter(database, owner, id);
}
