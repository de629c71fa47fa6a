import type { Database } from "@tidings/db/client";
import type { TenantSettings } from "./tenant-schemas";

/** What a tenant decides of all its messages. */
export async function getTenantSettings(database: Database, tenantId: string): Promise<TenantSettings> {
  return await database.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { tracksOpens: true, tracksClicks: true },
  });
}
