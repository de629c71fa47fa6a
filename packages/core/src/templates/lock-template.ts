import type { Transaction } from "@tidings/db/client";
import { noTemplate } from "./get-template";

/**
 * Holds a template until the transaction ends: others who publish it, delete it or change its draft wait.
 * @throws {Refusal} not_found
 */
export async function lockTemplate(transaction: Transaction, tenantId: string, key: string): Promise<void> {
  const locked = await transaction.$queryRaw<unknown[]>`
    SELECT 1 FROM template WHERE tenant_id = ${tenantId}::uuid AND key = ${key} FOR UPDATE`;
  if (locked.length === 0) throw noTemplate(key);
}
