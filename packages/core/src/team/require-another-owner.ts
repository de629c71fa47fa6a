import type { Transaction } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";

/**
 * Sees to it that a team keeps an owner when a member stops being one. Ask with the team locked.
 * @throws {Refusal} `conflict`
 */
export async function requireAnotherOwner(transaction: Transaction, tenantId: string, id: string): Promise<void> {
  const others = await transaction.member.count({ where: { tenantId, role: "owner", id: { not: id } } });
  if (others === 0) throw new Refusal("conflict", "A team keeps an owner: make somebody else one first.");
}
