import { createHash } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { createDirectStatements, type DirectStatements } from "./direct-statements";
import { Prisma, PrismaClient } from "./generated/client";

export type { DirectStatements, Statements } from "./direct-statements";
export { Prisma };
/** Prisma's client, and on the same connections statements without it. */
export type Database = PrismaClient & { readonly direct: DirectStatements };
/** The database inside a transaction: the same queries, no further transactions. */
export type Transaction = Prisma.TransactionClient;

export interface DatabaseOptions {
  url: string;
  /** Most connections this process holds open. */
  poolSize: number;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
  /**
   * Whether each statement is planned once, whatever it is asked with: for a process that finds all it wants by keys, where
   * planning for each batch anew costs as much as running it. False when absent: Postgres decides, by its estimates.
   */
  plansOnce?: boolean;
}

/** A Postgres client with a pool of its own. Connects when first used; give it back with `$disconnect()`. */
export function openDatabase({ url, poolSize, applicationName, plansOnce = false }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: applicationName,
    // Long enough for a restart of Postgres to be seen as an error rather than as a hang.
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
    // A process that stops in the middle of a transaction gives its locks up: the sweeper's is waited for by all others, a
    // batch's by the consumer that gets its partitions, which it does after as long.
    idle_in_transaction_session_timeout: 10_000,
    pipeline: true, // what is asked without waiting for the answer before goes out at once
    ...(plansOnce && { options: "-c plan_cache_mode=force_generic_plan" }),
  });
  pool.on("error", () => {}); // a connection that breaks while nobody uses it is replaced
  const nameOf = createStatementNames();
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, { statementNameGenerator: ({ sql }) => nameOf(sql) }),
  });
  const disconnect = prisma.$disconnect.bind(prisma);
  return Object.assign(prisma, {
    direct: createDirectStatements(pool, { sql: Prisma.sql, nameOf }),
    async $disconnect() {
      await disconnect();
      if (!pool.ending) await pool.end();
    },
  });
}

/** Statements of one connection that stay prepared: more than there are in the code, fewer than lists of ids can make. */
const maxPrepared = 300;

/**
 * Names statements, so that each connection parses and plans them once: for the hot ones that is more work than running
 * them. The first {@link maxPrepared} texts get a name; what comes after them is prepared each time.
 */
function createStatementNames(): (text: string) => string {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known) return known;
    if (names.size >= maxPrepared) return ""; // not kept: Postgres' unnamed statement
    const name = createHash("sha256").update(text).digest("base64url").slice(0, 22);
    names.set(text, name);
    return name;
  };
}
