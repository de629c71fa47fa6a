import { z } from "zod";
import { limitSetters } from "./limits-in-force";

/** How fast a tenant may send on a channel. */
export const setChannelLimitBody = z.strictObject({
  /** Deliveries a second. */
  perSecond: z.int().min(1).max(100_000),
  /** Deliveries at once after a pause; as many as a second's when absent. */
  burst: z.int().min(1).max(1_000_000).optional(),
});
export type SetChannelLimitBody = z.output<typeof setChannelLimitBody>;

/** How many requests a second a tenant may make over all its keys. */
export const setRequestLimitBody = z.strictObject({ requestsPerSecond: z.int().min(1).max(100_000) });

/** The same; null: as many as it is given otherwise. */
export const requestsPerSecondSchema = setRequestLimitBody.shape.requestsPerSecond.nullable();

/** A tenant's limits that are in force, and who set each. A channel that is not listed is not limited. */
export const publicLimits = z.object({
  plan: z.string().meta({ description: "Id of the tenant's plan", example: "unlimited" }),
  requestsPerSecond: z.int(),
  requestsSetBy: z.enum(limitSetters).meta({
    description:
      "Who set what holds. The operator's limit goes before the plan's, also beyond it; the team's own can only be lower.",
  }),
  channels: z.array(
    z.object({
      channel: z.string(),
      perSecond: z.int(),
      burst: z.int(),
      setBy: z.enum(limitSetters).exclude(["platform"]),
    }),
  ),
  quotas: z
    .array(
      z.object({
        channel: z.string(),
        month: z.string().meta({ description: "In UTC", example: "2026-11" }),
        monthlyUnits: z
          .int()
          .meta({ description: "Units that the plan grants in the month, in live mode: SMS segments, else messages" }),
        used: z.int().meta({
          description:
            "Units sent so far, and one for each delivery that is not sent yet or was skipped, and each notification that waits to become some in this month",
        }),
        limit: z.enum(["hard", "soft"]).meta({
          description: "Whether what goes over it is refused with `quota_exceeded`, or only told of",
        }),
      }),
    )
    .meta({ description: "A channel that is not listed has no quota" }),
});
export type PublicLimits = z.infer<typeof publicLimits>;
