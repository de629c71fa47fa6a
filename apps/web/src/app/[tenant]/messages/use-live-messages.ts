"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { putRows } from "./live-list";
import { filtersOf, type MessageParams } from "./message-filters";

/** How often a list is asked for again where the browser can hold no stream open. */
const pollMs = 5_000;

/**
 * Keeps a list of messages as it is: what changes is told by the server and put into the rows there are, what is new comes to
 * its place. Where no stream comes through, the list is asked for again every five seconds.
 * @returns whether a stream is open
 */
export function useLiveMessages(
  params: MessageParams,
  enabled: boolean,
): { isLive: boolean; refetchInterval: number | false } {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { input } = useTenant();
  const lists = trpc.messages.list.pathKey();
  const shown = trpc.messages.list.infiniteQueryKey({ ...input, filters: filtersOf(params) });
  const stream = useSubscription(
    trpc.messages.live.subscriptionOptions(input, {
      enabled,
      onData: (rows) => putRows({ queryClient, lists, shown, params }, rows),
    }),
  );
  // The server ends a stream once a minute, and it is opened again at once: nothing to tell anybody of.
  const isLive = stream.status === "pending" || (stream.status === "connecting" && stream.data !== undefined);
  return { isLive, refetchInterval: enabled && stream.status === "error" ? pollMs : false };
}
