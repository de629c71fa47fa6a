"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { ConfirmDialog } from "../../../ui/confirm-dialog";
import { formatCount } from "../../../ui/format-number";
import { toast } from "../../../ui/toast";
import { given } from "../given";

/** Replays whatever of the list waits. */
export function ReplayAll({ filters: { q, tenant } }: { filters: { q: string | null; tenant: string | null } }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const replay = useMutation(
    trpc.deadLetters.replayAll.mutationOptions({
      onSuccess: ({ replayed, left, isComplete }) => {
        const rest = isComplete ? "" : " There are more: replay again.";
        toast.good(`Published ${formatCount(replayed)} again`, {
          description: `${left > 0 ? `Of ${formatCount(left)} nothing is left to replay.` : "Nothing was left over."}${rest}`,
        });
        return queryClient.invalidateQueries({ queryKey: trpc.deadLetters.pathKey() });
      },
    }),
  );
  const which = [q && `whose reason has “${q}”`, tenant && `of ${tenant}`].filter(Boolean).join(" ");

  return (
    <ConfirmDialog
      title={which ? `Replay all ${which}?` : "Replay all dead letters that wait?"}
      description="Up to 500 are published again, newest first. A notification that went on meanwhile is not sent twice. What caused them should be mended first, or they come back."
      action="Replay all"
      onConfirm={() => replay.mutateAsync(given({ q, tenant }))}
      trigger={<Button variant="primary">Replay all</Button>}
    />
  );
}
