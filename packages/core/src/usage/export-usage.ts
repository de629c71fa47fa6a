import type { Database } from "@tidings/db/client";
import { csvCell } from "../csv-cell";
import type { Owner } from "../owner";
import { getUsage } from "./get-usage";

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * What a tenant used in a mode as CSV (RFC 4180), told apart by everything there is, a day at a time.
 * @param span first and last day, in UTC, such as 2030-01-31
 */
export async function* exportUsage(
  database: Database,
  owner: Owner,
  { from, to }: { from: string; to: string },
): AsyncGenerator<string> {
  yield "day,mode,channel,provider,category,accepted,sent,delivered,failed,units\r\n";
  for (let atMs = Date.parse(from); atMs <= Date.parse(to); atMs += dayMs) {
    const day = new Date(atMs).toISOString().slice(0, 10);
    const { data } = await getUsage(database, owner, {
      ...{ from: day, to: day },
      groupBy: ["channel", "provider", "category"],
    });
    const lines = data.map(({ channel, provider, category, accepted, sent, delivered, failed, units }) =>
      [day, owner.mode, channel ?? "", provider ?? "", category ?? "", accepted, sent, delivered, failed, units]
        .map((value) => csvCell(String(value)))
        .join(","),
    );
    if (lines.length > 0) yield `${lines.join("\r\n")}\r\n`;
  }
}
