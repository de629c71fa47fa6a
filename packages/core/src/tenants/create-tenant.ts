import { type Database, Prisma } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import { type CreateTenantBody, slugSchema } from "./tenant-schemas";

/**
 * Makes a tenant.
 * @throws {Refusal} `already_exists` when another has the slug, `invalid_body` when the name has nothing to make a slug from
 */
export async function createTenant(
  database: Database,
  { name, slug = slugOf(name), plan = "unlimited", contactEmail }: CreateTenantBody,
): Promise<Prisma.TenantModel> {
  try {
    return await database.tenant.create({
      data: { id: newUuid(), name, slug, plan, contactEmail: contactEmail ?? null },
    });
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002")) throw error;
    throw new Refusal("already_exists", `There is a tenant with the slug ${slug} already.`, { cause: error });
  }
}

/**
 * "Café São João!" → "cafe-sao-joao"
 * @throws {Refusal} `invalid_body` when there is nothing to make one from
 */
export function slugOf(name: string): string {
  const words = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const slug = words.filter(Boolean).join("-").slice(0, 48).replace(/-$/, "");
  if (slugSchema.safeParse(slug).success) return slug;
  const message = "must be given, because the name has no letter or digit to make one from";
  throw new Refusal("invalid_body", "The tenant needs a slug.", { faults: [{ pointer: "/slug", message }] });
}
