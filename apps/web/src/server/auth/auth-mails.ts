import { createHash } from "node:crypto";
import type { OwnMail } from "@tidings/core/tenants/write-mail";

/** Asks whether an address is its owner's. */
export const verificationMail = (to: string, url: string): OwnMail => ({
  to,
  key: keyOf("verify", url),
  subject: "Confirm your address for Tidings",
  text: `Welcome to Tidings.

Confirm that this address is yours:
${url}

If you did not sign up, leave this mail be: nothing happens without the link.`,
});

/** Lets somebody who forgot the password choose another. */
export const resetMail = (to: string, url: string): OwnMail => ({
  to,
  key: keyOf("reset", url),
  subject: "Choose a new password for Tidings",
  text: `Somebody, we hope you, asked for a new password for this address.

Choose one within an hour:
${url}

If it was not you, leave this mail be: your password stays as it is.`,
});

/** A link is sent once; what stands in the database's idempotency keys must not open anything. */
const keyOf = (kind: string, url: string) => `${kind} ${createHash("sha256").update(url).digest("base64url")}`;
