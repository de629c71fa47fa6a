import { createFailureLimit, type FailureLimit } from "@tidings/core/keys/failure-limit";
import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import { APIError, getSessionFromCtx } from "better-auth/api";
import { type AuthContext, knownDevice } from "./known-device";
import { isVerifying } from "./second-factor";
import { slowedSeconds, waitWords } from "./slowed";

/** Where somebody who is signed in gives the password again. */
const askingPaths = new Set([
  "/change-password",
  "/verify-password",
  "/two-factor/enable",
  "/two-factor/disable",
  "/two-factor/generate-backup-codes",
  "/two-factor/get-totp-uri",
]);

/** Slows down who guesses at an account's password, or at the codes of its second factor. */
export function createGuessLimit(database: Database) {
  const limit = (most: number, message: string) =>
    createFailureLimit({ most, windowMs: slowedSeconds * 1_000, message, now: Date.now });
  const tooMany = "Too many wrong passwords for this account. Wait a while, or reset the password.";
  /** Of accounts, and of their known devices apart: see {@link knownDevice}. */
  const passwords = limit(10, tooMany);
  /** Of all known devices of an account together. */
  const passwordsOfDevices = limit(30, tooMany);
  /** Of people who are signed in, in all their sessions: one may be stolen. Who guesses from outside does not count here. */
  const passwordsInside = limit(10, tooMany);
  /** Of people who are signed in. Who is not gives a code to sign in, and better-auth counts those itself, not these. */
  const codes = limit(10, "Too many wrong codes. Wait a while.");

  /** What the guesses that are being judged have counted against. */
  const counted = new WeakMap<object, Counter[]>();

  /** What a request's guess counts against; nothing where none is made. */
  async function countersOf(context: AuthContext): Promise<Counter[]> {
    if (context.path === "/sign-in/email") {
      const account = accountOf(context);
      const device = await knownDevice(database, context, account);
      if (!device) return [{ limit: passwords, name: account }];
      return [
        { limit: passwords, name: device },
        { limit: passwordsOfDevices, name: account },
      ];
    }
    const inside = askingPaths.has(context.path) ? passwordsInside : isVerifying(context.path) ? codes : null;
    const session = inside && (await getSessionFromCtx(context, { disableRefresh: true }));
    return session ? [{ limit: inside, name: session.user.id }] : [];
  }

  return {
    /**
     * Counts a guess before it is judged, so that many at once are counted.
     * @throws {APIError} TOO_MANY_REQUESTS, with the seconds to wait in `Retry-After`
     */
    async count(context: AuthContext): Promise<void> {
      const counters = await countersOf(context);
      try {
        for (const { limit, name } of counters) limit.check(name);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const seconds = error.retryAfterSeconds ?? slowedSeconds;
        const message = error.message.replace("a while", waitWords(seconds));
        throw new APIError(
          "TOO_MANY_REQUESTS",
          { code: "ACCOUNT_SLOWED", message },
          { "retry-after": String(seconds) },
        );
      }
      for (const { limit, name } of counters) limit.count(name);
      counted.set(context.context, counters);
    },
    /** A guess was right: with a code all are forgotten, with a password only this one, as strangers may be guessing. */
    forgive({ context, path }: AuthContext): void {
      const takeBack = isVerifying(path) ? "forget" : "forgive";
      for (const { limit, name } of counted.get(context) ?? []) limit[takeBack](name);
    },
    /** Forgets the guesses at the password of an account that has another now, of which it knows no device any more. */
    forget({ id, email }: { id: string; email: string }): void {
      passwords.forget(email);
      passwordsOfDevices.forget(email);
      passwordsInside.forget(id);
    },
  };
}

interface Counter {
  limit: FailureLimit;
  name: string;
}

/** The address somebody wants to sign in with, in lower case. */
export const accountOf = ({ body }: Pick<AuthContext, "body">) => String(body?.email ?? "").toLowerCase();
