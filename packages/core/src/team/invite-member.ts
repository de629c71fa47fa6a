import { createHash, randomBytes } from "node:crypto";
import type { Database } from "@tidings/db/client";
import { newUuid, publicId } from "@tidings/shared/ids";
import { planOf } from "@tidings/shared/plans";
import { Refusal } from "@tidings/shared/refusals";
import type { WriteMail } from "../tenants/write-mail";
import { lockTeam } from "./lock-team";
import { requireRoomToInvite } from "./require-room-to-invite";
import { type InviteBody, maxNameLength } from "./team-schemas";

const lifetimeMs = 7 * 24 * 60 * 60_000;

export interface InviteDeps {
  database: Database;
  writeMail: WriteMail;
  /** Where the console is; the link leads to `/invite/{token}` there. */
  consoleUrl: string;
}

/**
 * Invites somebody to a team by mail. An invitation of the same address that still waits is replaced.
 * @returns the invitation's public id
 * @throws {Refusal} `already_exists` for a member, `conflict` when the plan has no seat left, and that of
 * {@link requireRoomToInvite}
 */
export async function inviteMember(
  { database, writeMail, consoleUrl }: InviteDeps,
  tenantId: string,
  { email, role }: InviteBody,
  inviter: { id: string; name: string },
): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  const id = newUuid();
  const tenant = await database.$transaction(async (transaction) => {
    const tenant = await lockTeam(transaction, tenantId);
    if (await transaction.member.findFirst({ where: { tenantId, user: { email } } }))
      throw new Refusal("already_exists", `${email} is a member of the team already.`);
    await requireRoomToInvite(transaction, tenantId, email);
    await transaction.invitation.updateMany({
      where: { tenantId, email, status: "pending" },
      data: { status: "canceled" },
    });
    const waiting = { tenantId, status: "pending", expiresAt: { gt: new Date() } };
    const taken =
      (await transaction.member.count({ where: { tenantId } })) +
      (await transaction.invitation.count({ where: waiting }));
    const { name: plan, seats } = planOf(tenant.plan);
    if (seats !== null && taken >= seats) {
      const message = `The plan ${plan} has ${seats} seats, and all are taken. Remove somebody or change the plan.`;
      throw new Refusal("conflict", message);
    }
    const expiresAt = new Date(Date.now() + lifetimeMs);
    await transaction.invitation.create({
      data: { id, tokenHash: hashToken(token), tenantId, email, role, inviterId: inviter.id, expiresAt },
    });
    return tenant;
  });
  const [who, where] = [inMail(inviter.name) || "Somebody", inMail(tenant.name)];
  await writeMail({
    to: email,
    key: `invitation ${id}`,
    subject: `${who} invites you to ${where} on Tidings`,
    text: `${who} invites you to join the team of ${where} on Tidings, as ${role}.

If you know neither, leave this mail be: nothing happens without the link.

Accept within 7 days:
${consoleUrl}/invite/${token}`,
  });
  return publicId("invitation", id);
}

/** A name somebody chose, as it may stand in a mail of ours: short, on one line, and read in the order it is written. */
function inMail(name: string): string {
  return name
    .replace(/[\p{C}\p{Z}]+/gu, " ")
    .trim()
    .slice(0, maxNameLength)
    .toWellFormed();
}

/** What is stored of the secret in an invitation's link. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
