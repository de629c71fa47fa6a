import type { Database, Prisma } from "@tidings/db/client";

/** The newest dead letters of all tenants, those that could not even be read among them: for the operator. */
export function listLatestDeadLetters(database: Database, limit: number): Promise<Prisma.DeadLetterModel[]> {
  return database.deadLetter.findMany({ orderBy: { id: "desc" }, take: limit });
}
