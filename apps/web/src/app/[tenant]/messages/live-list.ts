import type { InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query";
import type { Answers } from "../../../trpc/answers";
import { belongs, type ListedMessage, type MessageParams } from "./message-filters";

/** A list of messages as the query cache holds it. */
export type MessageList = InfiniteData<Answers["messages"]["list"]>;

/** Where the lists of messages stand in the query cache. */
export interface LiveList {
  queryClient: QueryClient;
  /** Begins the keys of all lists. */
  lists: QueryKey;
  /** The key of the one that is shown, and what it is narrowed down to. */
  shown: QueryKey;
  params: MessageParams;
}

/**
 * Puts rows that the server has just told of into the list that is shown. While something is fetched for it they wait: what
 * comes was read before them, and would take their place. Lists that are not shown are asked for again when they are.
 */
export function putRows({ queryClient, lists, shown, params }: LiveList, rows: readonly ListedMessage[]): void {
  void queryClient.invalidateQueries({ queryKey: lists, type: "inactive", refetchType: "none" });
  const isFetching = () => queryClient.isFetching({ queryKey: shown, exact: true }) > 0;
  const put = () => queryClient.setQueryData<MessageList>(shown, (list) => list && merge(list, rows, params));
  if (!isFetching()) {
    put();
    return;
  }
  const stop = queryClient.getQueryCache().subscribe(() => {
    if (isFetching()) return;
    stop();
    put();
  });
}

/** What there is becomes what it is now; what is missing between the newest and the last that is loaded comes to its place. */
function merge(list: MessageList, rows: readonly ListedMessage[], params: MessageParams): MessageList {
  const told = new Map(rows.map((row) => [row.id, row]));
  const pages = list.pages.map((page) => ({
    ...page,
    rows: page.rows.map((row) => {
      const now = told.get(row.id);
      told.delete(row.id);
      return now ?? row;
    }),
  }));
  for (const row of told.values()) {
    if (!belongs(row, params)) continue;
    // Not only on top: a row is written up to seconds after the time its id tells, or comes to match a filter late.
    const page = pages.find(({ rows, nextCursor }) => nextCursor === null || (rows.at(-1)?.id ?? "") < row.id);
    page?.rows.push(row);
    page?.rows.sort((one, other) => (one.id < other.id ? 1 : -1));
  }
  return { ...list, pages };
}
