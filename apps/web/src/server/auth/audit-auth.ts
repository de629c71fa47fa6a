import { writeAudit } from "@tidings/core/audit/write-audit";
import type { Database } from "@tidings/db/client";
import { addressHeader } from "./visitor-address";

/** What is written down of what people do to their own accounts, by better-auth's path. */
const auditedPaths: Readonly<Record<string, string>> = {
  "/sign-up/email": "account.created",
  "/sign-in/email": "session.created",
  "/sign-out": "session.ended",
  "/reset-password": "password.reset",
  "/change-password": "password.changed",
  "/update-user": "account.changed",
  "/revoke-session": "session.revoked",
  "/revoke-other-sessions": "session.others_revoked",
  "/two-factor/enable": "two_factor.prepared",
  "/two-factor/verify-totp": "two_factor.verified",
  "/two-factor/verify-backup-code": "two_factor.recovery_code_used",
  "/two-factor/generate-backup-codes": "two_factor.codes_renewed",
  "/two-factor/disable": "two_factor.disabled",
};

interface AuthCall {
  path?: string;
  headers?: Headers | undefined;
  context: {
    session: { user: { id: string; email: string } } | null;
    newSession: { user: { id: string; email: string } } | null;
  };
}

/**
 * Writes what a person did to their own account into the audit log, of no tenant.
 * @param by who it was, where nobody is signed in
 */
export async function auditAuth(
  database: Database,
  { path = "", headers, context }: AuthCall,
  by?: { id: string; email: string },
): Promise<void> {
  const action = auditedPaths[path];
  const user = by ?? context.newSession?.user ?? context.session?.user;
  if (action && user) await write(database, user, action, headers);
}

/**
 * Writes that somebody tried to sign in to an account and was refused; nothing for an address that nobody has. How many
 * there can be is bounded by what slows brute force down.
 */
export async function auditRefusedSignIn(
  database: Database,
  email: string,
  { headers }: Pick<AuthCall, "headers">,
): Promise<void> {
  const user = await database.user.findUnique({ where: { email }, select: { id: true, email: true } });
  if (user) await write(database, user, "session.refused", headers);
}

async function write(database: Database, user: { id: string; email: string }, action: string, headers?: Headers) {
  await writeAudit(database, {
    tenantId: null,
    userId: user.id,
    actor: user.email,
    action,
    target: user.email,
    ipAddress: headers?.get(addressHeader) ?? null,
    userAgent: headers?.get("user-agent") ?? null,
    requestId: null,
  });
}
