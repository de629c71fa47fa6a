import type { Database } from "@tidings/db/client";
import type { PublicLimits } from "./limit-schemas";

/** All limits of a tenant, its channels in alphabetical order. */
export async function getLimits(database: Database, tenantId: string): Promise<PublicLimits> {
  const { requestsPerSecond, channelLimits } = await database.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: {
      requestsPerSecond: true,
      channelLimits: { select: { channel: true, perSecond: true, burst: true }, orderBy: { channel: "asc" } },
    },
  });
  return { requestsPerSecond, channels: channelLimits };
}
