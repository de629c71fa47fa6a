import { twoFactorClient } from "better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";
import { authErrorOf } from "./auth-error";

/** Signing up, in and out, and changes of one's own account. Its calls answer `{ data, error }`. */
export const authClient = createAuthClient({ plugins: [twoFactorClient()] });

/** The answer of a call of `authClient`, or its error thrown as forms show it. */
export async function orThrow<Data>(
  answer: Promise<{ data: Data; error: null } | { data: null; error: { message?: string | undefined } }>,
): Promise<Data> {
  const { data, error } = await answer;
  if (error) throw authErrorOf(error);
  return data;
}
