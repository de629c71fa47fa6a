"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { Button } from "../../../../ui/button";
import { ConfirmDialog } from "../../../../ui/confirm-dialog";
import { toast } from "../../../../ui/toast";
import type { Category } from "./category";

/** Forgets a category, after asking. */
export function DeleteCategory({ category: { key, name, transactional } }: { category: Category }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.categories.delete.mutationOptions({
      onSuccess: () => {
        toast.good(`Deleted ${name}`);
        return queryClient.invalidateQueries({ queryKey: trpc.categories.pathKey() });
      },
    }),
  );
  return (
    <ConfirmDialog
      title={`Delete the category “${name}”?`}
      description={`Messages may still name ${key}; it is like any other then, called by its key.${transactional ? " It no longer goes out to those who unsubscribed from it." : ""}`}
      action="Delete category"
      onConfirm={() => remove.mutateAsync({ ...tenant.input, key })}
      trigger={
        <Button size="sm" variant="ghost" aria-label={`Delete ${name}`}>
          Delete
        </Button>
      }
    />
  );
}
