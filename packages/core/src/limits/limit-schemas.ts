import { z } from "zod";

/** How fast a tenant may send on a channel. */
export const setChannelLimitBody = z.strictObject({
  /** Deliveries a second. */
  perSecond: z.int().min(1).max(100_000),
  /** Deliveries at once after a pause; as many as a second's when absent. */
  burst: z.int().min(1).max(1_000_000).optional(),
});
export type SetChannelLimitBody = z.output<typeof setChannelLimitBody>;

/** Requests a second over all keys of a tenant; null: the platform's default. */
export const requestsPerSecondSchema = z.int().min(1).max(100_000).nullable();

/** A tenant's limits. A channel that is not listed has none of its own. */
export const publicLimits = z.object({
  requestsPerSecond: requestsPerSecondSchema,
  channels: z.array(z.object({ channel: z.string(), perSecond: z.int(), burst: z.int() })),
});
export type PublicLimits = z.infer<typeof publicLimits>;
