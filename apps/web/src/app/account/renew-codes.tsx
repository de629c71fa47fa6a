"use client";

import { useState } from "react";
import { authClient, orThrow } from "../../shell/auth-client";
import { Button } from "../../ui/button";
import { Dialog, DialogClose } from "../../ui/dialog";
import { PasswordStep } from "./password-step";
import { RecoveryCodes } from "./recovery-codes";

/** Makes new recovery codes; those before no longer work. */
export function RenewCodes() {
  const [open, setOpen] = useState(false);
  const [codes, setCodes] = useState<string[] | null>(null);

  async function renew(password: string) {
    const made = await orThrow(authClient.twoFactor.generateBackupCodes({ password }));
    if (!made) throw new Error("The server gave no codes. Try again.");
    setCodes(made.backupCodes);
  }

  function changeOpen(next: boolean) {
    setOpen(next);
    if (next) setCodes(null);
  }

  return (
    <Dialog
      title={codes ? "Your new recovery codes" : "Make new recovery codes?"}
      description={codes ? undefined : "The codes you have now stop working."}
      trigger={<Button>New recovery codes</Button>}
      open={open}
      onOpenChange={changeOpen}
      persistent={codes !== null}
      footer={
        codes && (
          <DialogClose>
            <Button variant="primary">I have kept them</Button>
          </DialogClose>
        )
      }
    >
      {codes ? <RecoveryCodes codes={codes} /> : <PasswordStep action="Make new codes" onSubmit={renew} />}
    </Dialog>
  );
}
