import { createHash } from "node:crypto";
import { newUuid } from "@tidings/shared/ids";
import type { createAuthMiddleware } from "better-auth/api";

/** A call of better-auth, as its hooks have it. */
export type AuthContext = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];

/** As long as browsers keep a cookie at most, nearly. */
const maxAgeSeconds = 365 * 24 * 60 * 60;

/**
 * Which of an account's devices a request comes from: one that has signed in to it before, or reset its password. Strangers who
 * guess at the account cannot use up the tries of such a device; it has ten of its own, so that a stolen cookie opens nothing.
 * After OWASP, "Device cookies".
 * @param account its address, in lower case
 * @returns a name of the device; null when it is not known
 */
export async function knownDevice(context: AuthContext, account: string): Promise<string | null> {
  const { name } = cookieOf(context);
  const value = await context.getSignedCookie(name, context.context.secret);
  const [device, of] = (value || "").split(".");
  return device && of === digest(account) ? device : null;
}

/** From now on the browser is known to be one of the account's devices. One account a browser: the last one. */
export async function rememberDevice(context: AuthContext, account: string): Promise<void> {
  const { name, attributes } = cookieOf(context);
  const value = `${newUuid()}.${digest(account)}`;
  await context.setSignedCookie(name, value, context.context.secret, attributes);
}

const cookieOf = ({ context }: AuthContext) => context.createAuthCookie("device", { maxAge: maxAgeSeconds });

/** Who looks at the browser's cookies need not read whose it is. */
const digest = (account: string) => createHash("sha256").update(account).digest("base64url");
