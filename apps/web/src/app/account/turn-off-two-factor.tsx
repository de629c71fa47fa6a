"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { authClient, orThrow } from "../../shell/auth-client";
import { Button } from "../../ui/button";
import { Callout } from "../../ui/callout";
import { Dialog } from "../../ui/dialog";
import { toast } from "../../ui/toast";
import { PasswordStep } from "./password-step";

const list = new Intl.ListFormat("en");

/** Turns the second factor off, after saying which tenants ask for one. */
export function TurnOffTwoFactor({ asking }: { asking: readonly string[] }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);

  async function turnOff(password: string) {
    await orThrow(authClient.twoFactor.disable({ password }));
    setOpen(false);
    toast.good("The second factor is off");
    router.refresh();
  }

  return (
    <Dialog
      title="Turn the second factor off?"
      description="Your password alone signs you in then. The key in your app and your recovery codes stop working."
      trigger={<Button>Turn off</Button>}
      open={open}
      onOpenChange={setOpen}
    >
      <div className="space-y-4">
        {asking.length > 0 && (
          <Callout tone="warn">
            {list.format(asking)} {asking.length === 1 ? "asks" : "ask"} for one: you cannot open{" "}
            {asking.length === 1 ? "it" : "them"} without.
          </Callout>
        )}
        <PasswordStep action="Turn off" danger onSubmit={turnOff} />
      </div>
    </Dialog>
  );
}
