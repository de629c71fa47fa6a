"use client";

import { LogOut } from "lucide-react";
import { signOut } from "../../shell/sign-out";
import { Button } from "../../ui/button";

/** Ends the session of this browser. */
export function SignOut() {
  return (
    <Button onClick={() => void signOut()}>
      <LogOut aria-hidden />
      Sign out
    </Button>
  );
}
