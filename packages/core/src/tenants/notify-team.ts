import { createHash } from "node:crypto";
import type { Database } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import type { Accept } from "../pipeline/accept";

/** What a tenant's team is to know. */
export interface TeamMessage {
  /** Names what it is about: the same key is sent once within two days, however often it is asked for. */
  key: string;
  subject: string;
  text: string;
}

/**
 * Writes to a tenant's team.
 * @returns whether an address of it is known
 */
export type NotifyTeam = (tenantId: string, message: TeamMessage) => Promise<boolean>;

/** The tenant in whose name Tidings itself writes: its messages are notifications like any other, retried and on record. */
export const platformSlug = "platform";

/** Writes to teams by email, through the pipeline itself. */
export function createNotifyTeam({
  database,
  accept,
}: {
  database: Database;
  accept: Pick<Accept, "accept">;
}): NotifyTeam {
  return async (tenantId, { key, subject, text }) => {
    const tenant = await database.tenant.findUnique({ where: { id: tenantId }, select: { contactEmail: true } });
    if (!tenant?.contactEmail) return false;
    const bodyHash = createHash("sha256").update(`${subject}\n${text}`).digest("base64url");
    const context = {
      tenantId: await platformTenant(database),
      mode: "live" as const,
      requestId: `req_${newUuid()}`,
      idempotency: { key: `team ${tenantId} ${key}`, bodyHash },
    };
    await accept.accept(context, {
      channels: ["email"],
      recipientId: null,
      addresses: { email: tenant.contactEmail },
      template: null,
      data: null,
      content: { email: { subject, text } },
      locale: null,
      category: "platform",
      priority: "high",
      sendAt: null,
    });
    return true;
  };
}

async function platformTenant(database: Database): Promise<string> {
  const data = { id: newUuid(), name: "Tidings itself", slug: platformSlug };
  await database.tenant.createMany({ data, skipDuplicates: true });
  return (await database.tenant.findUniqueOrThrow({ where: { slug: platformSlug }, select: { id: true } })).id;
}
