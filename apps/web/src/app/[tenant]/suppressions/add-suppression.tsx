"use client";

import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { SkeletonFields } from "../../../ui/skeleton";

const SuppressionForm = dynamic(() => import("./suppression-form").then((module) => module.SuppressionForm), {
  ssr: false,
  loading: () => <SkeletonFields fields={4} />,
});

/** Suppresses one address by hand. */
export function AddSuppression() {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      trigger={
        <Button variant="primary">
          <Plus aria-hidden />
          <span>
            Suppress<span className="max-sm:sr-only"> an address</span>
          </span>
        </Button>
      }
      open={open}
      onOpenChange={setOpen}
      title="Suppress an address"
      description="Nothing is sent to it from now on, in test and live mode."
    >
      <SuppressionForm onDone={() => setOpen(false)} />
    </Dialog>
  );
}
