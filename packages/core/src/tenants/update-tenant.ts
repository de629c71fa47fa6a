import type { Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import type { UpdateTenantBody } from "./tenant-schemas";

/**
 * Changes a tenant. A plan takes effect within a minute: processes know a key's tenant for that long.
 * @throws {Refusal} `not_found`
 */
export async function updateTenant(
  database: Database,
  id: string,
  { name, plan, contactEmail, usesPlatformAccounts, tracksOpens, tracksClicks }: UpdateTenantBody,
): Promise<Prisma.TenantModel> {
  const [tenant] = await database.tenant.updateManyAndReturn({
    where: { id },
    data: {
      ...(name !== undefined && { name }),
      ...(plan !== undefined && { plan }),
      ...(contactEmail !== undefined && { contactEmail }),
      ...(usesPlatformAccounts !== undefined && { usesPlatformAccounts }),
      ...(tracksOpens !== undefined && { tracksOpens }),
      ...(tracksClicks !== undefined && { tracksClicks }),
    },
  });
  if (!tenant) throw new Refusal("not_found", "There is no such tenant.");
  return tenant;
}
