import type { Prisma, Transaction } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";

const dayMs = 24 * 60 * 60_000;
/** Mails of one tenant in 24 hours: a team of twenty is invited in a day, a list of strangers is not. */
export const mostOfTenant = 20;
/** Mails to one address in 24 hours, whoever invites: the first, and two that were not found. */
export const mostToAddress = 3;

/**
 * Lets a tenant, whose team is locked, write one more invitation. Every row was one mail, whatever became of it; other
 * tenants' to the same address wait until the transaction ends.
 * @throws {Refusal} `rate_limited`, with the seconds until there is room
 */
export async function requireRoomToInvite(transaction: Transaction, tenantId: string, email: string): Promise<void> {
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`invitation ${email}`}, 0))`;
  const ofTenant = `A team sends at most ${mostOfTenant} invitations a day.`;
  await requireFewerThan(mostOfTenant, transaction, { tenantId }, ofTenant);
  const toAddress = `One address gets at most ${mostToAddress} invitations a day, and ${email} has had them.`;
  await requireFewerThan(mostToAddress, transaction, { email }, toAddress);
}

async function requireFewerThan(
  most: number,
  transaction: Transaction,
  which: Prisma.InvitationWhereInput,
  message: string,
): Promise<void> {
  const now = Date.now();
  const oldest = await transaction.invitation.findFirst({
    where: { ...which, createdAt: { gt: new Date(now - dayMs) } },
    orderBy: { createdAt: "desc" },
    skip: most - 1,
    select: { createdAt: true },
  });
  if (!oldest) return;
  const retryAfterSeconds = Math.ceil((oldest.createdAt.getTime() + dayMs - now) / 1_000);
  const hours = Math.ceil(retryAfterSeconds / 3_600);
  const wait = `Try again in ${hours === 1 ? "an hour" : `${hours} hours`}.`;
  throw new Refusal("rate_limited", `${message} ${wait}`, { retryAfterSeconds });
}
