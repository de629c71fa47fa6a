import type { Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";

/**
 * The tenant with a slug.
 * @throws {Refusal} `not_found`
 */
export async function getTenantBySlug(database: Database, slug: string): Promise<Prisma.TenantModel> {
  const tenant = await database.tenant.findUnique({ where: { slug } });
  if (!tenant) throw new Refusal("not_found", `There is no tenant with the slug ${slug}.`);
  return tenant;
}
