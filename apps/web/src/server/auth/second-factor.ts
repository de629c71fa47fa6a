import type { Database } from "@tidings/db/client";
import type { House } from "../house";

/** Methods that are, or stand for, a second factor: RFC 8176, "Authentication Method Reference Values". */
const secondFactors = new Set(["mfa", "otp", "hwk", "swk", "sc"]);

/**
 * Whether a session is that of somebody who gave a second factor: to us, where signing in with a password asks for the one that
 * is set up, or to the identity provider of a single sign-on that says so.
 */
export function hasSecondFactor({ session, user }: SessionFacts): boolean {
  return session.secondFactor ?? user.twoFactorEnabled === true;
}

/** Whether a session is an operator's who gave a second factor, where operators need one. */
export function mayOperate({ settings }: Pick<House, "settings">, facts: SessionFacts): boolean {
  if (!facts.user.operator) return false;
  return settings.OPERATOR_SECOND_FACTOR === "optional" || hasSecondFactor(facts);
}

interface SessionFacts {
  session: { secondFactor?: boolean | null | undefined };
  user: { operator?: boolean | null | undefined; twoFactorEnabled?: boolean | null | undefined };
}

/** Where somebody gives a code: to sign in, to turn it on, or because a team asks for it. */
const verifyingPaths = new Set(["/two-factor/verify-totp", "/two-factor/verify-backup-code"]);

/** Whether a request gives a code. @param path better-auth's */
export const isVerifying = (path: string): boolean => verifyingPaths.has(path);

/**
 * Whether a session that begins was begun by single sign-on whose provider asked for a second factor: it says so in `amr` of the
 * ID token, which was checked and stored just before.
 * @param path better-auth's, of the request that begins it
 * @returns null for a session that is begun here
 */
export async function secondFactorOfSignOn(
  database: Database,
  userId: string,
  path: string | undefined,
): Promise<boolean | null> {
  if (path !== "/sign-in/social" && !path?.startsWith("/callback/")) return null;
  const login = await database.login.findFirst({ where: { userId, providerId: "oidc" }, select: { idToken: true } });
  const [, claims = ""] = login?.idToken?.split(".") ?? [];
  const { amr } = JSON.parse(Buffer.from(claims, "base64url").toString() || "{}") as { amr?: unknown };
  return Array.isArray(amr) && amr.some((method) => secondFactors.has(method));
}

/** From here on the session counts as one that was begun here: its code was given, so the second factor that is set up decides. */
export async function countAsGiven(database: Database, token: string): Promise<void> {
  await database.session.updateMany({ where: { token }, data: { secondFactor: null } });
}
