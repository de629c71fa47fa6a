import type { Page, PageRequest } from "@tidings/core/page";

const pageSize = 500;

/**
 * All rows of a list, in its order.
 * @param list a verb that lists by id, with all but the page given
 */
export async function everyPage<Row extends { id: string }>(
  list: (page: PageRequest) => Promise<Page<Row>>,
): Promise<Row[]> {
  const all: Row[] = [];
  for (let hasMore = true; hasMore; ) {
    const page = await list({ limit: pageSize, after: all.at(-1)?.id });
    all.push(...page.rows);
    hasMore = page.hasMore;
  }
  return all;
}
