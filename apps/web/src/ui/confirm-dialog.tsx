"use client";

import { type ReactElement, type ReactNode, useState } from "react";
import { Button } from "./button";
import { Callout } from "./callout";
import { Dialog, DialogClose } from "./dialog";
import { TypedName } from "./typed-name";

/** Asks before something is lost for good. */
export interface ConfirmDialogProps {
  /** A question that names the thing: `Delete the endpoint “orders”?` */
  title: ReactNode;
  /** What happens then, and what cannot be had back. */
  description: ReactNode;
  /** The verb on the button: `Delete endpoint`. */
  action: string;
  /** The thing's name, which must be typed; leave it out where little is lost. */
  name?: string | undefined;
  /** Does it; the dialog closes when this is done, and shows the message of what it throws. */
  onConfirm: () => Promise<unknown> | unknown;
  trigger?: ReactElement | undefined;
  open?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, description, action, name, onConfirm, trigger, onOpenChange } = props;
  const [openInside, setOpenInside] = useState(false);
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  function changeOpen(next: boolean) {
    if (busy) return;
    setTyped("");
    setFailure(null);
    setOpenInside(next);
    onOpenChange?.(next);
  }

  async function confirm() {
    setBusy(true);
    setFailure(null);
    try {
      await onConfirm();
      setOpenInside(false);
      setTyped("");
      onOpenChange?.(false);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : "It could not be done");
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog
      title={title}
      description={description}
      size="sm"
      trigger={trigger}
      open={props.open ?? openInside}
      onOpenChange={changeOpen}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation(); // a form around the trigger is none of its business
          if (!name || typed === name) void confirm();
        }}
      >
        {name && <TypedName name={name} value={typed} onValueChange={setTyped} />}
        {failure && <Callout tone="bad">{failure}</Callout>}
        <div className="flex justify-end gap-2">
          <DialogClose>
            <Button disabled={busy}>Keep it</Button>
          </DialogClose>
          <Button type="submit" variant="danger" busy={busy} disabled={Boolean(name) && typed !== name}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
