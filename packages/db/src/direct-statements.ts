import type pg from "pg";
import type { Prisma } from "./generated/client";

/** Statements of our own as they are written everywhere, with `Prisma.sql` inside: Prisma runs them, or {@link DirectStatements}. */
export interface Statements {
  /** @returns the rows */
  $queryRaw<Rows>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]): PromiseLike<Rows>;
  /** @returns how many rows were written */
  $executeRaw(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]): PromiseLike<number>;
}

/**
 * The same, handed to the driver as they are. Prisma brings each parameter into JSON and each row through a mapping: for
 * a statement of hundreds of rows in one value it takes longer than Postgres, and leaves the largest share of what the
 * garbage collector has to look after. For the pipeline; all else is Prisma's.
 *
 * What rows hold is what the driver makes of it: a `bigint` is text.
 */
export interface DirectStatements extends Statements {
  /**
   * Several statements that take effect together, or not at all when `work` throws or one of them fails. The first goes
   * out with the beginning, and those that `work` has sent and not waited for with the commit: each a round trip less.
   * @throws what `work` throws, and what Postgres says: of the first statement that failed, not of those it took along
   */
  transaction<Result>(work: (statements: Statements) => Promise<Result>, options?: TransactionOptions): Promise<Result>;
}

export interface TransactionOptions {
  /**
   * Resolves before the commit is on disk, as a fraction of a second later it is: a crash of Postgres may take it back,
   * whole. For what would then be done anew from rows that are on disk; any later commit that waits makes this one durable too.
   */
  isRepeatable?: boolean;
}

/** @param nameOf names a statement's text, so that it stays prepared; empty for one that does not */
export function createDirectStatements(
  pool: pg.Pool,
  { sql, nameOf }: { sql: typeof Prisma.sql; nameOf(text: string): string },
): DirectStatements {
  function statementsOn(connection: pg.Pool | pg.PoolClient): Statements {
    async function run(query: TemplateStringsArray | Prisma.Sql, values: readonly unknown[]) {
      const { text, values: parameters } = isTemplate(query) ? sql(query, ...values) : query;
      return await connection.query({ name: nameOf(text), text, values: parameters });
    }
    return {
      $queryRaw: async <Rows>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) =>
        (await run(query, values)).rows as Rows,
      $executeRaw: async (query, ...values) => (await run(query, values)).rowCount ?? 0,
    };
  }

  return {
    ...statementsOn(pool),
    async transaction(work, { isRepeatable = false } = {}) {
      const connection = await pool.connect();
      // A connection that breaks between two statements says so here; the next statement fails by it.
      const ignore = () => {};
      connection.on("error", ignore);
      let broken: Error | undefined;
      const failures: unknown[] = [];
      const sent: PromiseLike<unknown>[] = [];
      const keep = <Answer>(answer: PromiseLike<Answer>) => {
        answer.then(ignore, (error) => failures.push(error));
        sent.push(answer);
        return answer;
      };
      const { $queryRaw, $executeRaw } = statementsOn(connection);
      try {
        keep(connection.query(isRepeatable ? "BEGIN; SET LOCAL synchronous_commit = off" : "BEGIN"));
        const result = await work({
          $queryRaw: (query, ...values) => keep($queryRaw(query, ...values)),
          $executeRaw: (query, ...values) => keep($executeRaw(query, ...values)),
        });
        keep(connection.query("COMMIT"));
        await Promise.all(sent);
        return result;
      } catch (error) {
        const [cause = error] = failures;
        await connection.query("ROLLBACK").catch((error: Error) => {
          broken = error; // the pool lets go of the connection, and Postgres rolls back by itself
        });
        throw cause;
      } finally {
        connection.off("error", ignore);
        connection.release(broken);
      }
    },
  };
}

function isTemplate(query: TemplateStringsArray | Prisma.Sql): query is TemplateStringsArray {
  return Array.isArray(query);
}
