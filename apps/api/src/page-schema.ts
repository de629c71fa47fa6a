import { z } from "zod";

/** The schema of a page of a list. */
export function pageSchema(item: z.ZodType) {
  return z.object({
    data: z.array(item),
    hasMore: z.boolean(),
    nextCursor: z.string().nullable().meta({ description: "Give it as `cursor` for the next page; null on the last" }),
  });
}
