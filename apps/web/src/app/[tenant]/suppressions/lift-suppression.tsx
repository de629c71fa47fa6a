"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { ConfirmDialog } from "../../../ui/confirm-dialog";
import { toast } from "../../../ui/toast";
import { liftWords, type Suppression } from "./suppression-words";

/** Lets an address be sent to again, after saying what that means. */
export function LiftSuppression({ suppression }: { suppression: Suppression }) {
  const { id, address, channel, category, reason } = suppression;
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const lift = useMutation(
    trpc.suppressions.lift.mutationOptions({
      onSuccess: () => {
        toast.good("Lifted", { description: `${address} is sent to again.` });
        return queryClient.invalidateQueries({ queryKey: trpc.suppressions.pathKey() });
      },
    }),
  );
  return (
    <ConfirmDialog
      title={`Send to ${address} again?`}
      description={`${liftWords[reason]} Messages ${category ? `of ${category} ` : ""}by ${channelNames[channel] ?? channel} go to it again at once, in test and live mode.`}
      action="Lift suppression"
      onConfirm={() => lift.mutateAsync({ ...tenant.input, ids: [id] })}
      trigger={
        <Button
          size="sm"
          variant="ghost"
          className="-mr-2 relative z-10"
          aria-label={`Lift the suppression of ${address}`}
        >
          Lift
        </Button>
      }
    />
  );
}
