import type { Database } from "@tidings/db/client";
import type { ReceivedMessage } from "@tidings/runtime/event-log/event-log";
import { newUuid } from "@tidings/shared/ids";
import type { NotificationMessage } from "../pipeline/topics";

/** A message that could not be processed. */
export interface DeadMessage {
  received: ReceivedMessage;
  /** What it says, when it could be read. */
  message: NotificationMessage | null;
  reason: string;
}

/**
 * Keeps messages that could not be processed, once each however often they are received, and one of a notification
 * until it is replayed.
 */
export async function storeDeadLetters(database: Database, dead: readonly DeadMessage[]): Promise<void> {
  await database.deadLetter.createMany({
    data: dead.map(({ received, message, reason }) => ({
      id: newUuid(),
      tenantId: message?.tenantId ?? null,
      mode: message?.mode ?? null,
      notificationId: message?.id ?? null,
      topic: received.topic,
      partition: received.partition,
      position: received.offset,
      payload: new Uint8Array(received.value),
      reason,
    })),
    skipDuplicates: true,
  });
}
