import { Refusal } from "@tidings/shared/refusals";
import { isStorable } from "@tidings/shared/text";
import { z } from "zod";

/** Which page of a list: at most `limit` things after the one named by `after`, in the list's own order. */
export interface PageRequest {
  limit: number;
  after?: string | undefined;
}

/** A page as a verb gives it. */
export interface Page<Row> {
  rows: Row[];
  hasMore: boolean;
  /** Where the next page begins, when that is not after the last row: a search may have come further. */
  after?: string | null;
}

/** `limit` and `cursor` of every list, to be merged with its filters. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().min(1).max(512).optional().meta({ description: "`nextCursor` of the page before" }),
});

const isCursorOf = {
  uuid: (after: string) => z.uuid().safeParse(after).success,
  integer: (after: string) => /^\d{1,9}$/.test(after),
  text: (after: string) => after !== "" && isStorable(after),
};

/**
 * The page a caller asks for.
 * @param kind what a cursor of this list names
 * @throws {Refusal} `invalid_cursor`
 */
export function readPage(
  { limit, cursor }: z.output<typeof pageQuery>,
  kind: keyof typeof isCursorOf = "uuid",
): PageRequest {
  if (cursor === undefined) return { limit };
  const after = Buffer.from(cursor, "base64url").toString("utf8");
  if (!isCursorOf[kind](after) || cursorOf(after) !== cursor) {
    throw new Refusal("invalid_cursor", "Use nextCursor of the page before, as it is.");
  }
  return { limit, after };
}

/** Opaque to callers, so that what it holds may change. */
export function cursorOf(after: string): string {
  return Buffer.from(after, "utf8").toString("base64url");
}

/** The rows of a page, from a query that asked for one more than `limit`. */
export function pageOf<Row>(rows: Row[], limit: number): Page<Row> {
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit };
}

/** A page as it is answered. */
export function presentPage<Row, Item>(
  { rows, hasMore, after: goesOn }: Page<Row>,
  present: (row: Row) => Item,
  after: (row: Row) => string,
) {
  const last = rows.at(-1);
  const next = goesOn ?? (last === undefined ? null : after(last));
  return { data: rows.map(present), hasMore, nextCursor: hasMore && next !== null ? cursorOf(next) : null };
}
