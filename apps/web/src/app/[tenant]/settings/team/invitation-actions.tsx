"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { mayGive } from "@tidings/shared/roles";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { Button } from "../../../../ui/button";
import { ConfirmDialog } from "../../../../ui/confirm-dialog";
import { failureOf } from "../../../../ui/failure";
import { toast } from "../../../../ui/toast";
import type { Invitation } from "./team-answers";

/** Sends an invitation again, or takes it back. */
export function InvitationActions({ invitation: { id, email, role } }: { invitation: Invitation }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const again = () => queryClient.invalidateQueries({ queryKey: trpc.team.pathKey() });
  const resend = useMutation(
    trpc.team.resendInvitation.mutationOptions({
      onSuccess: () => {
        toast.good("Sent again", {
          description: `The link before no longer works. A new one is on its way to ${email}.`,
        });
        return again();
      },
      onError: (error) => toast.bad(failureOf(error).message),
    }),
  );
  const cancel = useMutation(
    trpc.team.cancelInvitation.mutationOptions({
      onSuccess: () => {
        toast.good(`Took back the invitation of ${email}`);
        return again();
      },
    }),
  );
  return (
    <span className="relative z-10 flex justify-end gap-1">
      {mayGive(tenant.role, role) && (
        <Button
          size="sm"
          variant="ghost"
          aria-label={`Send the invitation of ${email} again`}
          busy={resend.isPending}
          onClick={() => resend.mutate({ ...tenant.input, id })}
        >
          Send again
        </Button>
      )}
      <ConfirmDialog
        title={`Take back the invitation of ${email}?`}
        description="The link in the mail no longer works, and the seat is free."
        action="Take back"
        onConfirm={() => cancel.mutateAsync({ ...tenant.input, id })}
        trigger={
          <Button size="sm" variant="ghost" aria-label={`Cancel the invitation of ${email}`}>
            Cancel
          </Button>
        }
      />
    </span>
  );
}
