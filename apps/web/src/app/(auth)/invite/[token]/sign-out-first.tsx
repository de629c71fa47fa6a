"use client";

import { signOut } from "../../../../shell/sign-out";
import { Button } from "../../../../ui/button";
import { Callout } from "../../../../ui/callout";

/** The invitation is for another address than the one that is signed in here. */
export function SignOutFirst({ email, signedInAs, path }: { email: string; signedInAs: string; path: string }) {
  return (
    <Callout
      tone="warn"
      title={`You are signed in as ${signedInAs}`}
      action={<Button onClick={() => void signOut(path)}>Sign out</Button>}
    >
      The invitation is for {email}. Sign out, then open the link again.
    </Callout>
  );
}
