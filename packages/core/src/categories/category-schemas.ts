import { headerText } from "@tidings/shared/text";
import { z } from "zod";
import { categorySchema } from "../notifications/notification-request";

/** The body of `PUT /v1/categories/{key}`. */
export const categoryBody = z
  .strictObject({
    name: headerText(100).min(1).meta({ description: "As people read it", example: "Order updates" }),
    transactional: z.boolean().default(false).meta({
      description:
        "Whether it is part of what the person asked for, such as a receipt: it goes out although they unsubscribed, never to an address that bounced",
    }),
  })
  .meta({ id: "CategoryRequest" });
export type CategoryBody = z.output<typeof categoryBody>;

/** A category as its tenant sees it. */
export const publicCategory = z
  .object({ key: categorySchema, name: z.string(), transactional: z.boolean(), createdAt: z.iso.datetime() })
  .meta({ id: "Category" });
export type PublicCategory = z.infer<typeof publicCategory>;
