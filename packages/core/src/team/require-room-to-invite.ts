import { createHash } from "node:crypto";
import type { Transaction } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";

const dayMs = 24 * 60 * 60_000;
/** Mails of one tenant in 24 hours: a team of twenty is invited in a day, a list of strangers is not. */
export const mostOfTenant = 20;
/** Mails to one address in 24 hours, whoever invites: the first, and two that were not found. */
export const mostToAddress = 3;

/**
 * Lets a tenant, whose team is locked, write one more invitation, and counts it for its address. Every row was one mail,
 * whatever became of it, or of the tenant; other tenants' to the same address wait until the transaction ends.
 * @throws {Refusal} `rate_limited`, with the seconds until there is room
 */
export async function requireRoomToInvite(transaction: Transaction, tenantId: string, email: string): Promise<void> {
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`invitation ${email}`}, 0))`;
  const addressHash = createHash("sha256").update(email).digest("hex");
  const createdAt = { gt: new Date(Date.now() - dayMs) };
  const order = { orderBy: { createdAt: "desc" }, select: { createdAt: true } } as const;
  requireOlder(
    await transaction.invitation.findFirst({ where: { tenantId, createdAt }, skip: mostOfTenant - 1, ...order }),
    `A team sends at most ${mostOfTenant} invitations a day.`,
  );
  requireOlder(
    await transaction.invitationMail.findFirst({
      where: { addressHash, createdAt },
      skip: mostToAddress - 1,
      ...order,
    }),
    `One address gets at most ${mostToAddress} invitations a day, and ${email} has had them.`,
  );
  await transaction.invitationMail.create({ data: { id: newUuid(), addressHash } });
}

/** @param last the mail that was the last one of the day; null when there is room */
function requireOlder(last: { createdAt: Date } | null, message: string): void {
  if (!last) return;
  const retryAfterSeconds = Math.ceil((last.createdAt.getTime() + dayMs - Date.now()) / 1_000);
  const hours = Math.ceil(retryAfterSeconds / 3_600);
  const wait = `Try again in ${hours === 1 ? "an hour" : `${hours} hours`}.`;
  throw new Refusal("rate_limited", `${message} ${wait}`, { retryAfterSeconds });
}
