"use client";

import { useState } from "react";
import { Button } from "../../ui/button";
import { failureOf } from "../../ui/failure";
import { toast } from "../../ui/toast";

/** The way in through the company's own sign-on, where the installation has one. */
export function SingleSignOn({ name, next }: { name: string | null; next: string }) {
  const [busy, setBusy] = useState(false);
  if (!name) return null;

  async function goThere() {
    setBusy(true);
    try {
      const answer = await fetch("/api/auth/sign-in/social", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ provider: "oidc", callbackURL: next, errorCallbackURL: "/sign-in" }),
      });
      if (!answer.ok) throw new Error("Single sign-on did not answer. Try again, or sign in with your password.");
      window.location.assign((await answer.json()).url);
    } catch (error) {
      toast.bad(failureOf(error).message);
      setBusy(false);
    }
  }

  return (
    <div className="mt-4 space-y-4">
      <p className="flex items-center gap-3 text-ink-muted text-xs before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        or
      </p>
      <Button size="lg" className="w-full" busy={busy} onClick={() => void goThere()}>
        Continue with {name}
      </Button>
    </div>
  );
}
