import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";

/**
 * Takes an invitation back; its link no longer works.
 * @param id its uuid
 * @returns whom it had invited
 * @throws {Refusal} `not_found` also when it was answered already
 */
export async function cancelInvitation(
  database: Database,
  tenantId: string,
  id: string,
): Promise<{ email: string; role: string }> {
  const [canceled] = await database.invitation.updateManyAndReturn({
    where: { tenantId, id, status: "pending" },
    data: { status: "canceled" },
  });
  if (!canceled) throw new Refusal("not_found", "There is no such invitation that waits.");
  return { email: canceled.email, role: canceled.role };
}
