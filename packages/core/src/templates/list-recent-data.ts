import type { Database } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import { findNotifications } from "../notifications/find-notifications";
import type { Owner } from "../owner";

/** The data of a message that used a template, to try the template with. */
export interface RecentData {
  /** The notification's public id. */
  id: string;
  createdAt: Date;
  version: number | null;
  recipientId: string | null;
  locale: string | null;
  data: Record<string, unknown>;
}

/** Most messages that are looked at, and how long. */
const limit = 10;
const budgetMs = 300;

/** The data of the newest messages that used a template, newest first; those that came without data are left out. */
export async function listRecentData(database: Database, owner: Owner, template: string): Promise<RecentData[]> {
  const { ids } = await findNotifications(database, owner, { template }, { limit }, budgetMs);
  const rows = await database.notification.findMany({
    where: { tenantId: owner.tenantId, id: { in: ids } },
    select: { id: true, createdAt: true, templateVersion: true, recipientId: true, locale: true, data: true },
    orderBy: { id: "desc" },
  });
  return rows.flatMap(({ id, data, templateVersion, ...rest }) =>
    data === null
      ? []
      : [
          {
            ...rest,
            id: publicId("notification", id),
            version: templateVersion,
            data: data as Record<string, unknown>,
          },
        ],
  );
}
