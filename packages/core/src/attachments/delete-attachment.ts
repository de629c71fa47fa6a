import type { Database } from "@tidings/db/client";
import { noAttachment } from "./get-attachment";

/**
 * Deletes an upload. Emails that name it and were not sent yet fail, some of the next minute's perhaps not.
 * @param id UUID of its row
 * @throws {Refusal} `not_found`
 */
export async function deleteAttachment(database: Database, tenantId: string, id: string): Promise<void> {
  const { count } = await database.attachment.deleteMany({ where: { tenantId, id } });
  if (count === 0) throw noAttachment();
}
