import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import type { Mode } from "@tidings/shared/modes";
import { modeSchema } from "@tidings/shared/modes";
import { z } from "zod";

/** A message of the pipeline that could not be processed. */
export const publicDeadLetter = z
  .object({
    id: z.string().meta({ example: "dlt_01h455vb4pex5vsknk084sn02q" }),
    mode: modeSchema,
    notificationId: z.string().meta({ example: "ntf_01h455vb4pex5vsknk084sn02q" }),
    reason: z.string().meta({ description: "Why it could not be processed" }),
    topic: z.string(),
    partition: z.int(),
    position: z.string().meta({ description: "Within the partition, as the event log spells it" }),
    createdAt: z.iso.datetime(),
    replayedAt: z.iso.datetime().nullable().meta({ description: "When it was last published again" }),
  })
  .meta({ id: "DeadLetter" });
export type PublicDeadLetter = z.infer<typeof publicDeadLetter>;

/** The row of a message that could be read, so that its tenant is known. */
export type DeadLetterRow = Prisma.DeadLetterModel & { mode: string; notificationId: string };

/** Whose dead letters. */
export interface DeadLetterOwner {
  tenantId: string;
  mode: Mode;
}

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
