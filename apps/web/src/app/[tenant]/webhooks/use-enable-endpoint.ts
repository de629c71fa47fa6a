"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { failureOf } from "../../../ui/failure";
import { toast } from "../../../ui/toast";
import type { Endpoint } from "./endpoint-words";

/** Enables and disables an endpoint, at once. */
export function useEnableEndpoint(endpoint: Endpoint) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const update = useMutation(
    trpc.webhooks.update.mutationOptions({
      onSuccess: (after) => {
        toast.good(after.enabled ? "Enabled" : "Disabled", {
          description: after.enabled ? "It hears what happens from now on." : "It hears nothing until you enable it.",
        });
        return queryClient.invalidateQueries({ queryKey: trpc.webhooks.pathKey() });
      },
      onError: (error) => toast.bad("It could not be changed", { description: failureOf(error).message }),
    }),
  );
  const set = (enabled: boolean) => update.mutate({ ...tenant.input, id: endpoint.id, enabled });
  return { enable: () => set(true), disable: () => set(false), isPending: update.isPending };
}
