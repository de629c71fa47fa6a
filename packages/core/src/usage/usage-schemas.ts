import { z } from "zod";

/** What usage can be told apart by. */
const usageGroups = ["day", "channel", "provider", "category"] as const;
export type UsageGroup = (typeof usageGroups)[number];

/** Most days of one answer. */
export const maxUsageDays = 366;

const day = z.iso
  .date("must be a date such as 2030-01-31")
  .refine((text) => text >= "1970-01-01", "must be after 1969");

/** The query of `GET /v1/usage`. */
export const usageQuery = z.strictObject({
  from: day.optional().meta({ description: "First day, in UTC; the first of the month of `to` when absent" }),
  to: day.optional().meta({ description: `Last day, in UTC; today when absent. At most ${maxUsageDays} days in all` }),
  groupBy: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(usageGroups)))
    .refine((names) => new Set(names).size === names.length, "must not name a group twice")
    .optional()
    .meta({
      type: "string",
      description: `Any of ${usageGroups.join(", ")}, separated by commas; one sum of everything when absent`,
      example: "day,channel",
    }),
});
export type UsageQuery = z.output<typeof usageQuery>;

const count = z.int().min(0);
const usageRow = z
  .object({
    day: z.iso.date().optional(),
    channel: z.string().optional(),
    provider: z.string().nullable().optional().meta({
      description: "Null for what was accepted, which is counted before a provider is chosen",
    }),
    category: z.string().nullable().optional().meta({ description: "Null for notifications without one" }),
    accepted: count.meta({ description: "Deliveries taken on" }),
    sent: count.meta({ description: "Deliveries a provider took" }),
    delivered: count.meta({ description: "Of those, deliveries that a receipt says arrived, on the day it came" }),
    failed: count.meta({ description: "Deliveries given up" }),
    units: count.meta({ description: "What was sent in the unit of its channel: SMS segments, else messages" }),
  })
  .meta({ id: "UsageRow" });
export type UsageRow = z.infer<typeof usageRow>;

/** The answer of `GET /v1/usage`; rows carry the groups asked for, and are in their order. */
export const publicUsage = z
  .object({ from: z.iso.date(), to: z.iso.date(), data: z.array(usageRow) })
  .meta({ id: "UsageReport" });
export type PublicUsage = z.infer<typeof publicUsage>;
