import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import type { Mode } from "@tidings/shared/modes";
import type { PublicDeadLetter } from "./dead-letter-schemas";

/** The row of a message that could be read, so that its tenant is known. */
export type DeadLetterRow = Prisma.DeadLetterModel & { mode: string; notificationId: string };

/** A dead letter as its tenant sees it. */
export function presentDeadLetter(row: DeadLetterRow): PublicDeadLetter {
  return {
    id: publicId("deadLetter", row.id),
    mode: row.mode as Mode,
    notificationId: publicId("notification", row.notificationId),
    reason: row.reason,
    topic: row.topic,
    partition: row.partition,
    position: row.position,
    createdAt: row.createdAt.toISOString(),
    replayedAt: row.replayedAt?.toISOString() ?? null,
  };
}
