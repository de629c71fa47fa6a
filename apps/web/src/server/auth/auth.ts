import { maxNameLength, personName } from "@tidings/core/team/team-schemas";
import { newUuid } from "@tidings/shared/ids";
import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { genericOAuth, twoFactor } from "better-auth/plugins";
import { type House, house } from "../house";
import { auditAuth, auditRefusedSignIn } from "./audit-auth";
import { resetMail, verificationMail } from "./auth-mails";
import { accountOf, createGuessLimit } from "./guess-limit";
import { type AuthContext, rememberDevice } from "./known-device";
import { createSignOns, secondFactorNotes } from "./second-factor";
import { slowedSeconds } from "./slowed";
import { addressHeader } from "./visitor-address";

/** Who people are: sign-up, sign-in, sessions, second factor and single sign-on. What they may do is in `roles` of shared. */
export type Auth = ReturnType<typeof createAuth>;

const key = Symbol.for("tidings.auth");
const place = globalThis as { [key]?: Auth };

/** The auth of this process, made when first asked for. */
export function auth(): Auth {
  place[key] ??= createAuth(house());
  return place[key];
}

const week = 7 * 24 * 60 * 60;

/** @param house what the console works with */
export function createAuth(house: House) {
  const { database, logger, passwords, sessionSecret, settings, writeMail } = house;
  const origin = new URL(settings.CONSOLE_URL);
  const guesses = createGuessLimit(database);
  const signOns = createSignOns();
  /** Whose password a request has reset. */
  const resets = new WeakMap<Request, { id: string; email: string }>();

  return betterAuth({
    appName: "Tidings",
    baseURL: settings.CONSOLE_URL,
    secret: sessionSecret,
    trustedOrigins:
      origin.hostname === "localhost" ? [origin.origin, `http://127.0.0.1:${origin.port}`] : [origin.origin],
    telemetry: { enabled: false },
    logger: { log: (level, message) => logger[level](message) },
    database: prismaAdapter(database, { provider: "postgresql" }),
    advanced: {
      cookiePrefix: "tidings",
      database: { generateId: () => newUuid() },
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 100,
      customRules: {
        "/sign-in/email": { window: 60, max: 20 },
        "/sign-up/email": { window: 60 * 60, max: 30 },
        "/request-password-reset": { window: 60 * 60, max: 10 },
        "/two-factor/*": { window: 60, max: 20 },
        "/get-session": false,
      },
    },
    user: { additionalFields: { operator: { type: "boolean", input: false, defaultValue: false } } },
    account: { modelName: "login", accountLinking: { enabled: true, trustedProviders: ["oidc"] } },
    session: {
      ...{ expiresIn: week, updateAge: week / 7 },
      additionalFields: { secondFactor: { type: "boolean", required: false, input: false } },
    },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 10,
      maxPasswordLength: 200,
      revokeSessionsOnPasswordReset: true,
      password: {
        hash: (password) => passwords.hash(password),
        verify: ({ hash, password }) => passwords.verify(password, hash),
      },
      onPasswordReset: async ({ user }, request) => {
        guesses.forget(user);
        if (request) resets.set(request, user);
      },
      sendResetPassword: async ({ user, url }) => writeMail(resetMail(user.email, url)),
    },
    emailVerification: {
      sendOnSignUp: true,
      autoSignInAfterVerification: true,
      sendVerificationEmail: async ({ user, url }) => writeMail(verificationMail(user.email, url)),
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => ({
            data: { ...session, secondFactor: signOns.beginWithSecondFactor(session, context) },
          }),
        },
      },
      account: {
        create: { before: async (login, context) => signOns.note(login, context) },
        update: { before: async (login, context) => signOns.note(login, context) },
      },
      user: {
        create: {
          before: async (user) => {
            requireFitName(user.name);
            if (settings.SIGN_UP === "invited") await requireInvitation(house, user.email);
          },
        },
        update: { before: async ({ name }) => requireFitName(name) },
      },
    },
    hooks: {
      before: createAuthMiddleware((context) => guesses.count(context)),
      after: createAuthMiddleware(async (context) => {
        const failed = context.context.returned instanceof APIError;
        if (!failed) guesses.forgive(context);
        const reset = context.request && resets.get(context.request);
        const account = reset?.email ?? (failed ? null : accountProven(context));
        if (account) await rememberDevice(database, context, account);
        if (!failed) await auditAuth(database, context, reset);
        else if (context.path === "/sign-in/email")
          // Not waited for: how long it takes must not tell whether there is such an account.
          void auditRefusedSignIn(database, accountOf(context), context).catch((err: unknown) =>
            logger.error({ err }, "a refused sign-in could not be written down"),
          );
      }),
    },
    plugins: [
      twoFactor({ issuer: "Tidings", accountLockout: { durationSeconds: slowedSeconds } }),
      secondFactorNotes(database),
      ...singleSignOn(house),
    ],
  });
}

/** The account whose password a request that succeeds has proven; null for others. */
function accountProven(context: AuthContext): string | null {
  if (context.path === "/sign-in/email") return accountOf(context);
  return context.path === "/change-password" ? (context.context.session?.user.email ?? null) : null;
}

/**
 * A name that a single sign-on leaves empty, or that does not change, is none to look at.
 * @throws {APIError} BAD_REQUEST
 */
function requireFitName(name: string | undefined): void {
  if (!name || personName.safeParse(name).success) return;
  const message = `A name is one line of at most ${maxNameLength} characters.`;
  throw new APIError("BAD_REQUEST", { code: "NAME_UNFIT", message });
}

/** @throws {APIError} FORBIDDEN when nobody invited the address */
async function requireInvitation({ database }: House, email: string): Promise<void> {
  const where = { email: email.toLowerCase(), status: "pending", expiresAt: { gt: new Date() } };
  if (await database.invitation.findFirst({ where, select: { id: true } })) return;
  throw new APIError("FORBIDDEN", {
    code: "INVITATION_NEEDED",
    message: "Only people who were invited can sign up here. Ask somebody of your team to invite this address.",
  });
}

function singleSignOn({ settings }: House) {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = settings;
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET) return [];
  const provider = {
    providerId: "oidc",
    discoveryUrl: `${OIDC_ISSUER}/.well-known/openid-configuration`,
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET,
    scopes: ["openid", "email", "profile"],
    pkce: true,
  };
  return [genericOAuth({ config: [provider] })];
}
