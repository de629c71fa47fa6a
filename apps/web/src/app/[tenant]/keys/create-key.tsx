"use client";

import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTenant } from "../../../shell/tenant-context";
import { Button } from "../../../ui/button";
import { CodeBlock } from "../../../ui/code-block";
import { Dialog, DialogClose } from "../../../ui/dialog";
import { SecretOnce } from "../../../ui/secret-once";
import { SkeletonFields } from "../../../ui/skeleton";
import type { MadeKey } from "./key-form";
import { firstCall } from "./key-words";

const KeyForm = dynamic(() => import("./key-form").then((module) => module.KeyForm), {
  ssr: false,
  loading: () => <SkeletonFields fields={5} />,
});

/** The button that makes a key, and the dialog behind it: the form, then the key, shown this once. */
export function CreateKey() {
  const { apiUrl } = useTenant();
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<MadeKey | null>(null);

  function changeOpen(next: boolean) {
    setOpen(next);
    if (next) setMade(null);
  }

  return (
    <Dialog
      trigger={
        <Button variant="primary">
          <Plus aria-hidden />
          Create key
        </Button>
      }
      open={open}
      onOpenChange={changeOpen}
      persistent={made !== null}
      title={made ? `Your ${made.mode} key “${made.name}”` : "Create an API key"}
      description={made ? undefined : "One for each service, so that each can be revoked alone."}
      footer={
        made && (
          <DialogClose>
            <Button variant="primary">Done</Button>
          </DialogClose>
        )
      }
    >
      {made ? (
        <div className="space-y-4">
          <SecretOnce label="API key" secret={made.key} />
          <CodeBlock {...firstCall(apiUrl, made.key, made.scopes)} />
        </div>
      ) : (
        <KeyForm onMade={setMade} />
      )}
    </Dialog>
  );
}
