"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { ConfirmDialog, type ConfirmDialogProps } from "../../../ui/confirm-dialog";
import { toast } from "../../../ui/toast";

type DeleteAccountProps = { id: string; name: string } & Pick<ConfirmDialogProps, "trigger" | "open" | "onOpenChange">;

/** Removes an account, after asking for its name: behind a button of its own, or opened from elsewhere. */
export function DeleteAccount({ id, name, ...opened }: DeleteAccountProps) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const remove = useMutation(trpc.providers.remove.mutationOptions());
  return (
    <ConfirmDialog
      title={`Delete the provider account “${name}”?`}
      description="Its credentials are gone at once, and its receipts are taken no more. What it has sent stays in the record."
      action="Delete account"
      name={name}
      onConfirm={async () => {
        await remove.mutateAsync({ ...tenant.input, id });
        toast.good(`Deleted ${name}`);
        router.push(tenant.href("providers"));
        void queryClient.invalidateQueries({ queryKey: trpc.providers.list.pathKey() });
      }}
      {...opened}
    />
  );
}
