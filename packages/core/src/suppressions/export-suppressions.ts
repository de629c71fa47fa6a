import type { Database } from "@tidings/db/client";
import { csvCell } from "../csv-cell";
import { listSuppressions } from "./list-suppressions";
import type { SuppressionSearch } from "./suppression-schemas";

/** Suppressions read at a time. */
const pageSize = 2_000;

/** A tenant's suppressions as CSV (RFC 4180), newest first, a page at a time. An import reads it as it is. */
export async function* exportSuppressions(
  database: Database,
  tenantId: string,
  filters: SuppressionSearch,
): AsyncGenerator<string> {
  yield "channel,address,category,reason,detail,createdAt\r\n";
  for (let after: string | undefined, hasMore = true; hasMore; ) {
    const page = await listSuppressions(database, tenantId, filters, { limit: pageSize, after });
    yield page.rows
      .map(({ channel, address, category, reason, detail, createdAt }) =>
        [channel, address, category, reason, detail ?? "", createdAt.toISOString()].map(csvCell).join(","),
      )
      .map((line) => `${line}\r\n`)
      .join("");
    after = page.rows.at(-1)?.id;
    hasMore = page.hasMore;
  }
}
