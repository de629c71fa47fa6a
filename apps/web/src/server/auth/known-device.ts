import { createHmac } from "node:crypto";
import type { Database } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import type { createAuthMiddleware } from "better-auth/api";

/** A call of better-auth, as its hooks have it. */
export type AuthContext = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];

/** As long as browsers keep a cookie at most, nearly. */
const maxAgeSeconds = 365 * 24 * 60 * 60;

/**
 * Which of an account's devices a request comes from: one that has signed in to it within a year, or reset its password, and
 * with the password it has now. Strangers who guess at the account cannot use up the tries of such a device; it has some of its
 * own, so that a stolen cookie opens nothing. After OWASP, "Device cookies".
 * @param account its address, in lower case
 * @returns a name of the device; null when it is not known
 */
export async function knownDevice(database: Database, context: AuthContext, account: string): Promise<string | null> {
  const value = await context.getSignedCookie(cookieOf(context).name, context.context.secret);
  const [device, knownSince, proof] = (value || "").split(".");
  if (!device || !proof || !(Number(knownSince) > Date.now() - maxAgeSeconds * 1_000)) return null;
  return proof === (await proofOf(database, context, account)) ? device : null;
}

/**
 * From now on the browser is known to be one of the account's devices: the same that it was before, where it was one. One account
 * a browser: the last one.
 */
export async function rememberDevice(database: Database, context: AuthContext, account: string): Promise<void> {
  const { name, attributes } = cookieOf(context);
  const device = (await knownDevice(database, context, account)) ?? newUuid();
  const value = [device, Date.now(), await proofOf(database, context, account)].join(".");
  await context.setSignedCookie(name, value, context.context.secret, attributes);
}

const cookieOf = ({ context }: AuthContext) => context.createAuthCookie("device", { maxAge: maxAgeSeconds });

/** What holds as long as the account has its password. Who looks at the browser's cookies reads neither, nor whose it is. */
async function proofOf(database: Database, { context }: AuthContext, account: string): Promise<string | null> {
  const where = { providerId: "credential", user: { email: account } };
  const login = await database.login.findFirst({ where, select: { userId: true, password: true } });
  if (!login?.password) return null;
  return createHmac("sha256", context.secret).update(`${login.userId}.${login.password}`).digest("base64url");
}
