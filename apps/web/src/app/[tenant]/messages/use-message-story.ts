"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import { useTenant } from "../../../shell/tenant-context";
import type { Answers } from "../../../trpc/answers";
import { useTRPC } from "../../../trpc/client";

/** All there is to say about one message. */
export type MessageStory = Answers["messages"]["story"];

const pollMs = 3_000;

/** The story of a message, kept as it is: the server tells of each change; without a stream it is asked for again. */
export function useMessageStory(id: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { input } = useTenant();
  const about = { ...input, id };
  const stream = useSubscription(
    trpc.messages.watch.subscriptionOptions(about, {
      onData: async (story) => {
        const queryKey = trpc.messages.story.queryKey(about);
        await queryClient.cancelQueries({ queryKey }); // an answer on its way is older than what was just told
        queryClient.setQueryData(queryKey, story);
      },
    }),
  );
  const isAway = stream.status === "error";
  return useQuery({ ...trpc.messages.story.queryOptions(about), refetchInterval: isAway ? pollMs : false });
}
