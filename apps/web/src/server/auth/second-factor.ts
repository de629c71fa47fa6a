import type { Database } from "@tidings/db/client";
import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthMiddleware, getSessionFromCtx } from "better-auth/api";
import type { House } from "../house";

/** Methods that are, or stand for, a second factor: RFC 8176, "Authentication Method Reference Values". */
const secondFactors = new Set(["mfa", "otp", "hwk", "swk", "sc"]);

/**
 * Whether a second factor was given in a session: to us, now or on a browser that asks for none for a month since; or to the
 * identity provider of a single sign-on that says so. That one is set up proves nothing: the session may be older.
 */
export function hasSecondFactor({ session }: Pick<SessionFacts, "session">): boolean {
  return session.secondFactor === true;
}

/** Whether a session is an operator's who gave a second factor, where operators need one. */
export function mayOperate({ settings }: Pick<House, "settings">, facts: SessionFacts): boolean {
  if (!facts.user.operator) return false;
  return settings.OPERATOR_SECOND_FACTOR === "optional" || hasSecondFactor(facts);
}

interface SessionFacts {
  session: { secondFactor?: boolean | null | undefined };
  user: { operator?: boolean | null | undefined };
}

/** Where somebody gives a code: to sign in, to turn it on, or because a team asks for it. */
const verifyingPaths = new Set(["/two-factor/verify-totp", "/two-factor/verify-backup-code"]);

/** Whether a request gives a code. @param path better-auth's */
export const isVerifying = (path: string): boolean => verifyingPaths.has(path);

/**
 * Remembers what the identity provider said in the sign-ons that are under way: a person may have several identities there, and
 * only the one used counts.
 */
export function createSignOns() {
  const idTokens = new WeakMap<object, string>();
  return {
    /** An identity's login is stored, with the ID token that was just checked. */
    note({ idToken }: { idToken?: string | null | undefined }, call: SessionCall | null): void {
      if (call && idToken) idTokens.set(call.context, idToken);
    },
    /**
     * Whether a session begins with a second factor: that which the identity provider asked for, or else that of the session it
     * replaces, as one does when the password changes.
     */
    beginWithSecondFactor({ userId }: { userId: string }, call: SessionCall | null): boolean {
      const idToken = call && idTokens.get(call.context);
      if (idToken) return tellsOfSecondFactor(idToken);
      const replaced = call?.context.session?.session;
      return replaced?.userId === userId && replaced.secondFactor === true;
    },
  };
}

/** A call of better-auth's that begins a session. */
interface SessionCall {
  context: { session: { session: { userId: string; secondFactor?: unknown } } | null };
}

/** Whether an ID token says in `amr` that a second factor was asked for. */
function tellsOfSecondFactor(idToken: string): boolean {
  const [, claims = ""] = idToken.split(".");
  const { amr } = JSON.parse(Buffer.from(claims, "base64url").toString() || "{}") as { amr?: unknown };
  return Array.isArray(amr) && amr.some((method) => secondFactors.has(method));
}

/** What would make a second factor of who has only the password: its key, its recovery codes, and none at all. */
const guardedPaths = new Set(["/two-factor/disable", "/two-factor/generate-backup-codes", "/two-factor/get-totp-uri"]);

/**
 * Notes in which sessions a second factor was given, and lets it be changed in those alone. It stands after better-auth's own
 * plugin, which ends a session that a password has begun where a code is needed and the browser is not trusted.
 */
export function secondFactorNotes(database: Database) {
  return {
    id: "second-factor-notes",
    hooks: {
      before: [
        {
          matcher: ({ path = "" }) => guardedPaths.has(path),
          handler: createAuthMiddleware(async (context) => {
            const signedIn = await getSessionFromCtx(context, { disableRefresh: true });
            if (!signedIn?.user.twoFactorEnabled || signedIn.session.secondFactor === true) return;
            const message = "Give the code of your second factor first.";
            throw new APIError("FORBIDDEN", { code: "SECOND_FACTOR_NEEDED", message });
          }),
        },
      ],
      after: [
        {
          matcher: ({ path = "" }) => path === "/sign-in/email" || path === "/two-factor/disable" || isVerifying(path),
          handler: createAuthMiddleware(async ({ path, context }) => {
            const signedIn = context.newSession ?? context.session;
            if (!signedIn || context.returned instanceof APIError) return;
            const { token, userId } = signedIn.session;
            if (path === "/two-factor/disable") {
              await database.session.updateMany({ where: { userId }, data: { secondFactor: false } });
              // Of its own the library forgets that browser alone which turns it off: with a new key, all give a code again.
              await database.verification.deleteMany({
                where: { value: userId, identifier: { startsWith: "trust-device-" } },
              });
            } else if (signedIn.user.twoFactorEnabled) {
              await database.session.updateMany({ where: { token }, data: { secondFactor: true } });
              const isNew = context.session !== null && !context.session.user.twoFactorEnabled;
              if (isNew) await database.session.deleteMany({ where: { userId, token: { not: token } } }); // begun without
            }
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}
