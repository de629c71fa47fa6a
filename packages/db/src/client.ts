import { PrismaPg } from "@prisma/adapter-pg";
import { Prisma, PrismaClient } from "./generated/client";

export { Prisma };
export type Database = PrismaClient;
/** The database inside a transaction: the same queries, no further transactions. */
export type Transaction = Prisma.TransactionClient;

export interface DatabaseOptions {
  url: string;
  /** Most connections this process holds open. */
  poolSize: number;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
}

/** A Postgres client with a pool of its own. Connects when first used; give it back with `$disconnect()`. */
export function openDatabase({ url, poolSize, applicationName }: DatabaseOptions): Database {
  const adapter = new PrismaPg({
    connectionString: url,
    max: poolSize,
    application_name: applicationName,
    // Long enough for a restart of Postgres to be seen as an error rather than as a hang.
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
  });
  return new PrismaClient({ adapter });
}
