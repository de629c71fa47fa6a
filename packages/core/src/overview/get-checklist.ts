import type { Database } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import type { Owner } from "../owner";

/** What a new tenant has done of what there is to do first. */
export interface Checklist {
  /** The newest message of the mode; null before the first. */
  lastMessage: { id: string; createdAt: string } | null;
  hasProvider: boolean;
  hasTemplate: boolean;
  hasEndpoint: boolean;
  hasLiveKey: boolean;
}

/** How far a new tenant has come. One row of each is looked for, never counted. */
export async function getChecklist(database: Database, { tenantId, mode }: Owner): Promise<Checklist> {
  const any = { where: { tenantId }, select: { id: true } };
  const [message, account, template, endpoint, key] = await Promise.all([
    database.notification.findFirst({
      where: { tenantId, mode },
      orderBy: { id: "desc" },
      select: { id: true, createdAt: true },
    }),
    database.providerAccount.findFirst(any),
    database.template.findFirst(any),
    database.endpoint.findFirst(any),
    database.apiKey.findFirst({ where: { tenantId, mode: "live", revokedAt: null }, select: { id: true } }),
  ]);
  return {
    lastMessage: message && {
      id: publicId("notification", message.id),
      createdAt: message.createdAt.toISOString(),
    },
    hasProvider: account !== null,
    hasTemplate: template !== null,
    hasEndpoint: endpoint !== null,
    hasLiveKey: key !== null,
  };
}
