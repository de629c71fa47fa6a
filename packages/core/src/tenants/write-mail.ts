import { createHash } from "node:crypto";
import type { Database } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import type { Accept } from "../pipeline/accept";

/** A mail of Tidings' own. */
export interface OwnMail {
  /** An address. */
  to: string;
  /** Names what it is about: the same key is sent once within two days, however often it is asked for. */
  key: string;
  subject: string;
  text: string;
}

/** Writes to somebody in Tidings' own name, through the pipeline itself: retried and on record like every notification. */
export type WriteMail = (mail: OwnMail) => Promise<void>;

/** The tenant in whose name Tidings itself writes. */
export const platformSlug = "platform";
/** What its mails are about: nobody unsubscribes from the reset of a password. */
const category = { key: "platform", name: "Tidings itself", transactional: true };

export function createWriteMail({
  database,
  accept,
}: {
  database: Database;
  accept: Pick<Accept, "accept">;
}): WriteMail {
  return async ({ to, key, subject, text }) => {
    const bodyHash = createHash("sha256").update(`${subject}\n${text}`).digest("base64url");
    const context = {
      tenantId: await platformTenant(database),
      mode: "live" as const,
      requestId: `req_${newUuid()}`,
      idempotency: { key, bodyHash },
    };
    await accept.accept(context, {
      channels: ["email"],
      recipientId: null,
      addresses: { email: to },
      template: null,
      data: null,
      content: { email: { subject, text } },
      locale: null,
      category: category.key,
      priority: "high",
      sendAt: null,
    });
  };
}

async function platformTenant(database: Database): Promise<string> {
  const data = { id: newUuid(), name: "Tidings itself", slug: platformSlug };
  await database.tenant.createMany({ data, skipDuplicates: true });
  const { id } = await database.tenant.findUniqueOrThrow({ where: { slug: platformSlug }, select: { id: true } });
  await database.category.createMany({ data: { tenantId: id, ...category }, skipDuplicates: true });
  return id;
}
