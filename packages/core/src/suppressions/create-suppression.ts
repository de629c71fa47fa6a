import type { Database, Prisma } from "@tidings/db/client";
import type { Owner } from "../owner";
import type { QueueReports } from "../reports/queue-reports";
import { addSuppressions } from "./add-suppressions";
import { suppressedAddress } from "./suppressed-address";
import type { CreateSuppressionBody } from "./suppression-schemas";

/**
 * Suppresses an address.
 * @returns the suppression, which may have been there before: the graver reason stays
 */
export async function createSuppression(
  { database, queueReports }: { database: Database; queueReports: QueueReports },
  { tenantId, mode }: Owner,
  body: CreateSuppressionBody,
): Promise<Prisma.SuppressionModel> {
  const { channel, reason, detail = null } = body;
  const address = suppressedAddress(channel, body.address) as string; // the body's schema has seen to it
  const category = body.category ?? "";
  const { reports } = await addSuppressions(database, [{ tenantId, mode, channel, address, category, reason, detail }]);
  void queueReports(reports); // it never throws
  const where = { tenantId_channel_address_category: { tenantId, channel, address, category } };
  return await database.suppression.findUniqueOrThrow({ where });
}
