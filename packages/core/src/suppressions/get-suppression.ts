import type { Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";

/** @throws {Refusal} `not_found` */
export async function getSuppression(
  database: Database,
  tenantId: string,
  id: string,
): Promise<Prisma.SuppressionModel> {
  const row = await database.suppression.findUnique({ where: { tenantId_id: { tenantId, id } } });
  if (!row) throw new Refusal("not_found", "There is no suppression with this id.");
  return row;
}
