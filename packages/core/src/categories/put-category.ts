import type { Database, Prisma } from "@tidings/db/client";
import type { CategoryBody } from "./category-schemas";

/** Stores what is known of a category. What is about to be sent heeds it at once. */
export async function putCategory(
  database: Database,
  tenantId: string,
  key: string,
  fields: CategoryBody,
): Promise<Prisma.CategoryModel> {
  return await database.category.upsert({
    where: { tenantId_key: { tenantId, key } },
    create: { tenantId, key, ...fields },
    update: fields,
  });
}
