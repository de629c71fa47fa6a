"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { ConfirmDialog } from "../../../ui/confirm-dialog";
import { toast } from "../../../ui/toast";

/** Removes an account, after asking for its name. */
export function DeleteAccount({ id, name }: { id: string; name: string }) {
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
      trigger={
        <Button>
          <Trash2 aria-hidden />
          Delete
        </Button>
      }
    />
  );
}
