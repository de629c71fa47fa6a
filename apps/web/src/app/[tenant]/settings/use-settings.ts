"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTenant } from "../../../shell/tenant-context";
import type { Answers, Inputs } from "../../../trpc/answers";
import { useTRPC } from "../../../trpc/client";

export type Settings = Answers["settings"]["get"];
type Changes = Omit<Inputs["settings"]["update"], "tenant" | "mode">;

/** The tenant's settings, and how they are changed. What is changed is shown at once, and taken back when it fails. */
export function useSettings() {
  const { input } = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.settings.get.queryOptions(input);
  const query = useQuery(options);
  const update = useMutation(
    trpc.settings.update.mutationOptions({
      onMutate: async ({ tenant: _tenant, mode: _mode, ...changes }) => {
        await queryClient.cancelQueries({ queryKey: options.queryKey });
        const before = queryClient.getQueryData(options.queryKey);
        const known = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
        queryClient.setQueryData(options.queryKey, (old) => old && { ...old, ...known });
        return { before };
      },
      onError: (_error, _input, kept) => queryClient.setQueryData(options.queryKey, kept?.before),
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.settings.pathKey() }),
    }),
  );
  return { query, change: (changes: Changes) => update.mutateAsync({ ...input, ...changes }) };
}
