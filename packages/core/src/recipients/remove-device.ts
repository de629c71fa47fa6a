import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";

/**
 * Forgets a device of a recipient: no more push messages go there until its app registers again.
 * @param device by its UUID or by its token
 * @throws {Refusal} `not_found` when the recipient has no such device
 */
export async function removeDevice(
  database: Database,
  tenantId: string,
  recipientId: string,
  device: { id: string } | { token: string },
): Promise<void> {
  const { count } = await database.device.deleteMany({ where: { tenantId, recipientId, ...device } });
  if (count === 0) throw new Refusal("not_found", "The recipient has no such device.");
}
