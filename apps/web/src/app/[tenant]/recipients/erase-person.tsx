"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { Callout } from "../../../ui/callout";
import { Checkbox } from "../../../ui/checkbox";
import { Dialog, DialogClose } from "../../../ui/dialog";
import { failureOf } from "../../../ui/failure";
import { TypedName } from "../../../ui/typed-name";
import { ErasedCounts } from "./erased-counts";

/** Erases everything personal of somebody, after their id or address was typed; then tells what was erased. */
export function ErasePerson(props: {
  /** Named by one thing: an id, or an address under the name of its field. */
  person: Record<string, string>;
  trigger?: ReactElement;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** Called when the report of it is put away. */
  onErased?: () => void;
}) {
  const { person, trigger, onErased } = props;
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [openInside, setOpenInside] = useState(false);
  const [typed, setTyped] = useState("");
  const [keepSuppressions, setKeepSuppressions] = useState(false);
  const erase = useMutation(trpc.recipients.erase.mutationOptions());
  const name = Object.values(person)[0] ?? "";
  const open = props.open ?? openInside;

  function changeOpen(next: boolean) {
    if (erase.isPending) return;
    setOpenInside(next);
    props.onOpenChange?.(next);
    if (next) return;
    setTyped("");
    if (erase.data) {
      void queryClient.invalidateQueries({ queryKey: trpc.recipients.pathKey() });
      onErased?.();
    }
    erase.reset();
  }

  if (erase.data) {
    return (
      <Dialog
        title="The person was erased"
        description="Nothing personal of them is left. This is what it was; of whom is not kept."
        open={open}
        onOpenChange={changeOpen}
        footer={
          <DialogClose>
            <Button variant="primary">Done</Button>
          </DialogClose>
        }
      >
        <ErasedCounts erased={erase.data.erased} />
      </Dialog>
    );
  }
  return (
    <Dialog
      title="Erase this person?"
      description="Removes everything personal from all that is stored, of both modes: they are deleted as a recipient, with devices, inboxes and suppressions; messages to them are emptied, and only numbers stay. What is on its way to them is stopped. Nobody can undo it."
      {...(trigger && { trigger })}
      open={open}
      onOpenChange={changeOpen}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (typed === name) erase.mutate({ ...tenant.input, person, keepSuppressions });
        }}
      >
        <Checkbox
          label="Keep suppressions of their addresses"
          help="So that nobody writes to them again by mistake. The addresses themselves are kept then, and nothing else."
          checked={keepSuppressions}
          onCheckedChange={setKeepSuppressions}
        />
        <TypedName name={name} value={typed} onValueChange={setTyped} />
        {erase.isError && <Callout tone="bad">{failureOf(erase.error).message}</Callout>}
        {erase.isPending && (
          <p className="text-ink-muted text-sm" role="status">
            Looking through everything that is stored. It may take some seconds for each million of messages.
          </p>
        )}
        <div className="flex justify-end gap-2">
          <DialogClose>
            <Button disabled={erase.isPending}>Keep it</Button>
          </DialogClose>
          <Button type="submit" variant="danger" busy={erase.isPending} disabled={typed !== name}>
            Erase person
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
