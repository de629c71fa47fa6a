import type { Prisma } from "@tidings/db/client";
import type { PublicCategory } from "./category-schemas";

/** A category as its tenant sees it. */
export function presentCategory({ key, name, transactional, createdAt }: Prisma.CategoryModel): PublicCategory {
  return { key, name, transactional, createdAt: createdAt.toISOString() };
}
