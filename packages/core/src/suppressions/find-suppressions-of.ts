import { channels } from "@tidings/channels/registry";
import type { Database, Prisma } from "@tidings/db/client";

/** Most that are shown of one person. */
const most = 100;

/** Suppressions of any of some addresses, on whichever channel, the newest first; at most 100. */
export async function findSuppressionsOf(
  database: Database,
  tenantId: string,
  addresses: readonly string[],
): Promise<Prisma.SuppressionModel[]> {
  const lower = addresses.filter((address) => address.includes("@")).map((address) => address.toLowerCase());
  return await database.suppression.findMany({
    where: { tenantId, channel: { in: [...channels.keys()] }, address: { in: [...new Set([...addresses, ...lower])] } },
    orderBy: { id: "desc" },
    take: most,
  });
}
