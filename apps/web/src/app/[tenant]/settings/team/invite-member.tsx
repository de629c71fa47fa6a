"use client";

import { UserPlus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "../../../../ui/button";
import { Dialog } from "../../../../ui/dialog";
import { SkeletonFields } from "../../../../ui/skeleton";

const InviteForm = dynamic(() => import("./invite-form").then((module) => module.InviteForm), {
  ssr: false,
  loading: () => <SkeletonFields fields={5} />,
});

/** Asks somebody to join the team, by mail. */
export function InviteMember() {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title="Invite somebody"
      description="They get a link by mail that works for 7 days, for their address alone."
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button variant="primary">
          <UserPlus aria-hidden />
          Invite
        </Button>
      }
    >
      <InviteForm onDone={() => setOpen(false)} />
    </Dialog>
  );
}
