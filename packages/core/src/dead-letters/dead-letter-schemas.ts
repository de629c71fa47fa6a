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
