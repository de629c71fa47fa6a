import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import type { PublicTenant } from "./tenant-schemas";

/** A tenant as operators see it. */
export function presentTenant(row: Prisma.TenantModel): PublicTenant {
  return {
    id: publicId("tenant", row.id),
    name: row.name,
    slug: row.slug,
    plan: row.plan,
    contactEmail: row.contactEmail,
    usesPlatformAccounts: row.usesPlatformAccounts,
    tracksOpens: row.tracksOpens,
    tracksClicks: row.tracksClicks,
    requestsPerSecond: row.requestsPerSecond,
    createdAt: row.createdAt.toISOString(),
  };
}
