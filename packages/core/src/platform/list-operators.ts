import type { Database, Prisma } from "@tidings/db/client";

/** Most that are listed: an installation has a handful. */
const most = 500;

/** Who runs the platform, by address. */
export function listOperators(database: Database): Promise<Prisma.UserModel[]> {
  return database.user.findMany({ where: { operator: true }, orderBy: { email: "asc" }, take: most });
}
