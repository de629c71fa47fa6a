import { InfiniteQueryObserver, QueryClient } from "@tanstack/react-query";
import { afterEach, describe, expect, it } from "vitest";
import { type MessageList, putRows } from "./live-list";
import type { ListedMessage, MessageParams } from "./message-filters";

type Page = MessageList["pages"][number];

const lists = ["messages"];
const shown = ["messages", "all"];
const nothing = { q: "", status: [], channel: null, priority: [], template: null, category: null, recipient: null };
const params: MessageParams = { ...nothing, time: null, message: null };
const row = (id: string, status = "PENDING") =>
  ({ id, status, channels: [], priority: "normal" }) as unknown as ListedMessage;
const page = (rows: ListedMessage[], nextCursor: string | null = null): Page => ({
  rows,
  nextCursor,
  searchedTo: null,
});

let close = () => {};
afterEach(() => close());

/** A list that is shown, whose fetches answer when told to. */
function show() {
  const queryClient = new QueryClient();
  const asked: ((answer: Page) => void)[] = [];
  const observer = new InfiniteQueryObserver<Page, Error, MessageList, string[], string | undefined>(queryClient, {
    queryKey: shown,
    queryFn: () => new Promise((resolve) => void asked.push(resolve)),
    initialPageParam: undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  close = observer.subscribe(() => {});
  return {
    queryClient,
    observer,
    tell: (rows: ListedMessage[], told = params) => putRows({ queryClient, lists, shown, params: told }, rows),
    /** Answers the fetch under way, and waits until it is in the list. */
    async answer(with_: Page) {
      asked.shift()?.(with_);
      await expect.poll(() => observer.getCurrentResult().isFetching).toBe(false);
    },
    rows: () =>
      observer.getCurrentResult().data?.pages.map(({ rows }) => rows.map(({ id, status }) => `${id} ${status}`)),
  };
}

describe("what is told of messages", () => {
  it("outlives a list that was read before it and comes after it", async () => {
    const { tell, answer, rows } = show();
    tell([row("2"), row("1", "SENT")]);
    tell([row("2", "SENT")]);
    await answer(page([row("1")]));
    expect(rows()).toEqual([["2 SENT", "1 SENT"]]);
  });

  it("outlives a further page that is loaded meanwhile", async () => {
    const { observer, tell, answer, rows } = show();
    await answer(page([row("4"), row("3")], "3"));
    void observer.fetchNextPage();
    tell([row("5"), row("3", "SENT"), row("2", "SENT")]);
    await answer(page([row("2"), row("1")]));
    expect(rows()).toEqual([
      ["5 PENDING", "4 PENDING", "3 SENT"],
      ["2 SENT", "1 PENDING"],
    ]);
  });

  it("comes to its place at once: also late, and not below what is loaded", async () => {
    const { tell, answer, rows } = show();
    await answer(page([row("9"), row("7")], "7"));
    tell([row("8"), row("6"), row("a")]);
    expect(rows()).toEqual([["a PENDING", "9 PENDING", "8 PENDING", "7 PENDING"]]);
  });

  it("joins a filtered list when it comes to match", async () => {
    const { tell, answer, rows } = show();
    const failed = { ...params, status: ["FAILED"] };
    await answer(page([row("3", "FAILED")]));
    tell([row("4"), row("2", "FAILED")], failed);
    expect(rows()).toEqual([["3 FAILED", "2 FAILED"]]);
  });

  it("has lists that are not shown asked for again when they are", async () => {
    const { queryClient, tell, answer } = show();
    queryClient.setQueryData(["messages", "others"], {});
    await answer(page([]));
    tell([row("1")]);
    expect(queryClient.getQueryState(["messages", "others"])?.isInvalidated).toBe(true);
    expect(queryClient.getQueryState(shown)?.isInvalidated).toBe(false);
  });
});
