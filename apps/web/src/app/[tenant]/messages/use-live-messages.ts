"use client";

import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import { useTenant } from "../../../shell/tenant-context";
import type { Answers } from "../../../trpc/answers";
import { useTRPC } from "../../../trpc/client";
import { belongs, filtersOf, type ListedMessage, type MessageParams } from "./message-filters";

type MessagePage = Answers["messages"]["list"];

/** How often a list is asked for again where the browser can hold no stream open. */
const pollMs = 5_000;

/**
 * Keeps a list of messages as it is: what changes is told by the server and put into the rows there are, what is new comes to
 * the top. Where no stream comes through, the list is asked for again every five seconds.
 * @returns whether a stream is open
 */
export function useLiveMessages(
  params: MessageParams,
  enabled: boolean,
): { isLive: boolean; refetchInterval: number | false } {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { input } = useTenant();
  const queryKey = trpc.messages.list.infiniteQueryKey({ ...input, filters: filtersOf(params) });
  const stream = useSubscription(
    trpc.messages.live.subscriptionOptions(input, {
      enabled,
      onData: (rows) => {
        queryClient.setQueryData<InfiniteData<MessagePage>>(queryKey, (list) => list && merge(list, rows, params));
      },
    }),
  );
  const isLive = stream.status === "pending";
  return { isLive, refetchInterval: enabled && stream.status === "error" ? pollMs : false };
}

function merge(
  list: InfiniteData<MessagePage>,
  rows: readonly ListedMessage[],
  params: MessageParams,
): InfiniteData<MessagePage> {
  const changed = new Map(rows.map((row) => [row.id, row]));
  const pages = list.pages.map((page) => ({
    ...page,
    rows: page.rows.map((row) => {
      const now = changed.get(row.id);
      changed.delete(row.id);
      return now ?? row;
    }),
  }));
  const [first, ...others] = pages;
  if (!first) return list;
  const newest = first.rows[0]?.id ?? "";
  const added = [...changed.values()].filter((row) => row.id > newest && belongs(row, params));
  added.sort((one, other) => (one.id < other.id ? 1 : -1));
  return { ...list, pages: [{ ...first, rows: [...added, ...first.rows] }, ...others] };
}
