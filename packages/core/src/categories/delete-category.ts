import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";

/**
 * Forgets what is known of a category: it is like any other then, which people may unsubscribe from.
 * @throws {Refusal} `not_found`
 */
export async function deleteCategory(database: Database, tenantId: string, key: string): Promise<void> {
  const { count } = await database.category.deleteMany({ where: { tenantId, key } });
  if (count === 0) throw new Refusal("not_found", "There is no stored category with this key.");
}
