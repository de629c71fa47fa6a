import { isStorable } from "@tidings/shared/text";
import { z } from "zod";

/** A tenant's short name, as it stands in addresses: lower-case letters, digits, single hyphens between them. */
export const slugSchema = z
  .string()
  .max(48)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case letters, digits and single hyphens, such as acme-shop");

/** What a new tenant is made from. */
export const createTenantBody = z.strictObject({
  name: z.string().trim().min(1).max(100).refine(isStorable, "must be text that can be stored"),
  /** Made from the name when absent. */
  slug: slugSchema.optional(),
});
export type CreateTenantBody = z.output<typeof createTenantBody>;

/** A tenant as operators see it. */
export const publicTenant = z.object({
  id: z.string().meta({ example: "tnt_01jd3q2v8hf8b9v5m3k7t2c4xz" }),
  name: z.string(),
  slug: slugSchema,
  /** Over all its keys; null: the platform's default. */
  requestsPerSecond: z.int().nullable(),
  createdAt: z.iso.datetime(),
});
export type PublicTenant = z.infer<typeof publicTenant>;
