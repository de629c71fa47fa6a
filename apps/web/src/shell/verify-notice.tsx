"use client";

import { usePathname } from "next/navigation";
import { useState } from "react";
import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { failureOf } from "../ui/failure";
import { toast } from "../ui/toast";
import { authErrorOf } from "./auth-error";

/** Asks somebody who signed up to confirm the address. Nothing but live mode waits for it. */
export function VerifyNotice({ email }: { email: string }) {
  const path = usePathname();
  const [busy, setBusy] = useState(false);

  async function sendAgain() {
    setBusy(true);
    try {
      const answer = await fetch("/api/auth/send-verification-email", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email, callbackURL: path }),
      });
      if (!answer.ok) {
        const problem: { message?: string } | null = await answer.json().catch(() => null); // a proxy's page says nothing
        throw authErrorOf(problem ?? {});
      }
      toast.good("Sent again", { description: `Look into the inbox of ${email}.` });
    } catch (error) {
      toast.bad(failureOf(error).message);
    }
    setBusy(false);
  }

  return (
    <div className="mb-5">
      <Callout
        tone="info"
        title="Confirm your address"
        action={
          <Button size="sm" busy={busy} onClick={() => void sendAgain()}>
            Send again
          </Button>
        }
      >
        We sent a link to {email}. Test mode works meanwhile.
      </Callout>
    </div>
  );
}
