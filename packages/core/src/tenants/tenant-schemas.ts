import { email } from "@tidings/channels/channels/email";
import { planIds } from "@tidings/shared/plans";
import { isStorable } from "@tidings/shared/text";
import { z } from "zod";

/** A tenant's short name, as it stands in addresses: lower-case letters, digits, single hyphens between them. */
export const slugSchema = z
  .string()
  .max(48)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case letters, digits and single hyphens, such as acme-shop");

const name = z.string().trim().min(1).max(100).refine(isStorable, "must be text that can be stored");
const plan = z.enum(planIds);
/** Where its team is told of what concerns all of it, such as a quota that is used up. */
const contactEmail = email.addressField.schema;
const tracksOpens = z
  .boolean()
  .meta({ description: "Whether live emails carry an invisible picture that tells when it is loaded" });
const tracksClicks = z
  .boolean()
  .meta({ description: "Whether links in live emails lead through the platform, which notes the click and leads on" });

/** What a new tenant is made from. */
export const createTenantBody = z.strictObject({
  name,
  /** Made from the name when absent. */
  slug: slugSchema.optional(),
  /** `unlimited` when absent. */
  plan: plan.optional(),
  contactEmail: contactEmail.optional(),
});
export type CreateTenantBody = z.output<typeof createTenantBody>;

/** What can be changed of a tenant; what is absent stays. */
export const updateTenantBody = z.strictObject({
  name: name.optional(),
  plan: plan.optional(),
  /** Null removes it. */
  contactEmail: contactEmail.nullable().optional(),
  usesPlatformAccounts: z.boolean().optional(),
  tracksOpens: tracksOpens.optional(),
  tracksClicks: tracksClicks.optional(),
});
export type UpdateTenantBody = z.output<typeof updateTenantBody>;

/** What a tenant may decide of all its messages over the API; what is absent stays. */
export const updateTenantSettingsBody = updateTenantBody.pick({ tracksOpens: true, tracksClicks: true });

/** What a tenant decides of all its messages. */
export const tenantSettings = z.object({ tracksOpens, tracksClicks });
export type TenantSettings = z.infer<typeof tenantSettings>;

/** A tenant as operators see it. */
export const publicTenant = z.object({
  id: z.string().meta({ example: "tnt_01jd3q2v8hf8b9v5m3k7t2c4xz" }),
  name: z.string(),
  slug: slugSchema,
  plan: z.string(),
  contactEmail: z.string().nullable(),
  /** Whether the platform's provider accounts serve it on channels where it has none of its own. */
  usesPlatformAccounts: z.boolean(),
  tracksOpens,
  tracksClicks,
  /** What the operator gives it over all its keys; null: its plan's, else the platform's default. */
  requestsPerSecond: z.int().nullable(),
  createdAt: z.iso.datetime(),
});
export type PublicTenant = z.infer<typeof publicTenant>;
