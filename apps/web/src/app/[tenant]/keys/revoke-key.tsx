"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { ConfirmDialog } from "../../../ui/confirm-dialog";
import { toast } from "../../../ui/toast";

/** Ends a key, after asking. */
export function RevokeKey({ id, name, prefix }: { id: string; name: string; prefix: string }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.keys.revoke.mutationOptions({
      onSuccess: () => {
        toast.good(`Revoked ${name}`, { description: "It is refused everywhere within a second." });
        return queryClient.invalidateQueries({ queryKey: trpc.keys.pathKey() });
      },
    }),
  );
  return (
    <ConfirmDialog
      title={`Revoke the key “${name}”?`}
      description={`Whatever calls the API with ${prefix} is refused within a second. A revoked key never works again.`}
      action="Revoke key"
      {...(tenant.mode === "live" && { name })}
      onConfirm={() => revoke.mutateAsync({ ...tenant.input, id })}
      trigger={
        <Button size="sm" className="relative z-10" aria-label={`Revoke ${name}`}>
          Revoke
        </Button>
      }
    />
  );
}
