"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { SkeletonFields } from "../../../ui/skeleton";

const CreateTenantForm = dynamic(() => import("./create-tenant-form").then((module) => module.CreateTenantForm), {
  ssr: false,
  loading: () => <SkeletonFields fields={4} />,
});

/** Makes a tenant and invites its owner. */
export function CreateTenant() {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title="Create a tenant"
      description="Its owner gets a mail with a link to join, good for seven days."
      open={open}
      onOpenChange={setOpen}
      trigger={<Button variant="primary">Create tenant</Button>}
    >
      <CreateTenantForm />
    </Dialog>
  );
}
