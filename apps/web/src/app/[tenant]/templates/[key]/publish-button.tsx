"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { Button } from "../../../../ui/button";
import { Callout } from "../../../../ui/callout";
import { Dialog, DialogClose } from "../../../../ui/dialog";
import { type Failure, failureOf } from "../../../../ui/failure";
import { toast } from "../../../../ui/toast";
import { changedParts } from "../content-parts";
import { sentence, type Template } from "../template-words";
import { ChangeList } from "./change-list";
import type { TemplateDraft } from "./use-template-draft";

const overtaken = "Somebody else changed the template meanwhile. This is what publishing yours changes now.";

/** Saves the draft, says what publishing it changes, and publishes just that. */
export function PublishButton({ template: shown, editing }: { template: Template; editing: TemplateDraft }) {
  const { input } = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  /** As it was read when the question was asked: what has come since is not published unseen. */
  const [asked, setAsked] = useState<Template | null>(null);
  const template = asked ?? shown;
  const [isSaving, setSaving] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const publish = useMutation(trpc.templates.publish.mutationOptions());
  const parts = changedParts(template.published?.content ?? null, editing.draft);
  const next = (template.publishedVersion ?? 0) + 1;

  async function ask() {
    setSaving(true);
    setFailure(null);
    await look();
    setSaving(false);
  }

  async function look() {
    const settled = await editing.settled();
    setOpen(settled !== null);
    if (settled) setAsked(settled);
    else toast.bad("Not published", { description: "The draft could not be saved: see what is in its way." });
  }

  async function doPublish() {
    try {
      const { version } = await publish.mutateAsync({ ...input, key: template.key, ifUpdatedAt: template.updatedAt });
      await queryClient.invalidateQueries({ queryKey: trpc.templates.pathKey() });
      setOpen(false);
      toast.good(`Version ${version} is published`, { description: "Messages accepted from now on use it." });
    } catch (thrown) {
      const failure = failureOf(thrown);
      setFailure(failure.code === "conflict" ? { message: overtaken } : failure);
      if (failure.code === "conflict") await look();
    }
  }

  return (
    <>
      <Button variant="primary" busy={isSaving} onClick={() => void ask()}>
        Publish
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        size="lg"
        title={`Publish “${template.name}” as version ${next}?`}
        description={
          template.published
            ? `Messages accepted from now on use it; those accepted before keep the version they have. This changes from version ${template.published.version}:`
            : "It is the first version: from then on messages can use the template. It says:"
        }
        footer={
          <>
            <DialogClose>
              <Button>Not yet</Button>
            </DialogClose>
            <Button variant="primary" busy={publish.isPending} onClick={() => void doPublish()}>
              Publish version {next}
            </Button>
          </>
        }
      >
        <div className="space-y-4">
          {failure && (
            <Callout tone="bad" title={failure.message}>
              {failure.errors?.map(({ message }) => sentence(message)).join(" ")}
            </Callout>
          )}
          {parts.length === 0 ? (
            <p className="text-ink-muted">
              Nothing of the template itself. Publish it again to take over what changed in its layout.
            </p>
          ) : (
            <ChangeList parts={parts} />
          )}
        </div>
      </Dialog>
    </>
  );
}
