"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Download, Ellipsis, Eraser, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { ConfirmDialog } from "../../../ui/confirm-dialog";
import { IconButton } from "../../../ui/icon-button";
import { Menu, MenuItem, MenuSeparator } from "../../../ui/menu";
import { toast } from "../../../ui/toast";
import { ErasePerson } from "./erase-person";
import type { Recipient } from "./recipient-words";

/** What is done with a recipient more rarely: taking their data out, deleting, erasing. */
export function RecipientMenu({ recipient: { id } }: { recipient: Recipient }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [opened, setOpened] = useState<"delete" | "erase" | null>(null);
  const mayErase = tenant.can("recipients.erase");
  const mayWrite = tenant.can("recipients.write");
  const remove = useMutation(
    trpc.recipients.delete.mutationOptions({
      onSuccess: async () => {
        toast.good("Recipient deleted");
        router.push(tenant.href("recipients"));
        await queryClient.invalidateQueries({ queryKey: trpc.recipients.list.pathKey() });
      },
    }),
  );
  if (!mayWrite && !mayErase) return null;
  return (
    <>
      <Menu trigger={<IconButton label="More" icon={<Ellipsis aria-hidden />} variant="secondary" />}>
        {mayErase && (
          <MenuItem
            icon={<Download />}
            onSelect={() => window.location.assign(`${tenant.href("people/export")}?id=${encodeURIComponent(id)}`)}
          >
            Export all their data
          </MenuItem>
        )}
        {mayErase && mayWrite && <MenuSeparator />}
        {mayWrite && (
          <MenuItem icon={<Trash2 />} danger onSelect={() => setOpened("delete")}>
            Delete recipient…
          </MenuItem>
        )}
        {mayErase && (
          <MenuItem icon={<Eraser />} danger onSelect={() => setOpened("erase")}>
            Erase the person…
          </MenuItem>
        )}
      </Menu>
      <ConfirmDialog
        title="Delete this recipient?"
        description={
          <>
            Tidings forgets the addresses, devices, data and inboxes of <bdi className="font-medium text-ink">{id}</bdi>
            . The record of what they were sent stays; erasing the person removes that, too.
          </>
        }
        action="Delete recipient"
        name={id}
        onConfirm={() => remove.mutateAsync({ ...tenant.input, id })}
        open={opened === "delete"}
        onOpenChange={(open) => setOpened(open ? "delete" : null)}
      />
      <ErasePerson
        person={{ id }}
        open={opened === "erase"}
        onOpenChange={(open) => setOpened(open ? "erase" : null)}
        onErased={() => router.push(tenant.href("recipients?view=erasures"))}
      />
    </>
  );
}
