"use client";

import { useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { type ReactElement, useState } from "react";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Sheet } from "../../../ui/sheet";
import { SkeletonFields } from "../../../ui/skeleton";
import { toast } from "../../../ui/toast";
import { type Recipient, recipientPath } from "./recipient-words";

const RecipientForm = dynamic(() => import("./recipient-form").then((module) => module.RecipientForm), {
  ssr: false,
  loading: () => <SkeletonFields fields={8} />,
});

/** The sheet that stores a recipient, or changes one. */
export function RecipientEditor({ recipient, trigger }: { recipient?: Recipient; trigger: ReactElement }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);

  async function saved({ id }: Recipient) {
    void queryClient.invalidateQueries({ queryKey: trpc.recipients.pathKey() });
    setOpen(false);
    toast.good(recipient ? "Saved" : "Recipient added");
    if (!recipient) router.push(tenant.href(recipientPath(id)));
  }

  return (
    <Sheet
      title={recipient ? "Change recipient" : "Add a recipient"}
      description={recipient ? <bdi className="wrap-anywhere line-clamp-2">{recipient.id}</bdi> : undefined}
      size="lg"
      trigger={trigger}
      open={open}
      onOpenChange={setOpen}
    >
      <RecipientForm recipient={recipient} onSaved={saved} />
    </Sheet>
  );
}
