import { type Database, Prisma } from "@tidings/db/client";
import type { QueueReports } from "../reports/queue-reports";
import { addSuppressions } from "./add-suppressions";
import { removeSuppressions } from "./remove-suppressions";
import { suppressedAddress } from "./suppressed-address";
import { readUnsubscribeToken, type UnsubscribeTarget } from "./unsubscribe-link";

/** What a person reads of a link they followed. */
export interface UnsubscribeStanding {
  /** Who writes to them. */
  tenant: string;
  /** What about, as people read it; null: everything that is not transactional. */
  category: string | null;
  /** `blocked`: suppressed for a reason that is not theirs to take back. */
  state: "subscribed" | "unsubscribed" | "blocked";
}

export interface UnsubscribeDoorDeps {
  database: Database;
  platformSecrets: readonly Uint8Array[];
  queueReports: QueueReports;
}

/** What a person can do with the link of an email. Doing it again changes nothing. */
export function createUnsubscribeDoor({ database, platformSecrets, queueReports }: UnsubscribeDoorDeps) {
  return {
    /** What a link's token says; null when it is forged or too old. */
    read: (token: string): UnsubscribeTarget | null => readUnsubscribeToken(platformSecrets, token),

    /** How things stand; null when the tenant is no more. */
    async standing(target: UnsubscribeTarget): Promise<UnsubscribeStanding | null> {
      const { tenantId, channel, category } = target;
      const address = suppressedAddress(channel, target.address) ?? target.address;
      const [row] = await database.$queryRaw<{ tenant: string; category: string | null; reason: string | null }[]>`
        SELECT t.name AS tenant, coalesce(k.name, ${category}::text) AS category, s.reason
        FROM tenant AS t
        LEFT JOIN category AS k ON k.tenant_id = t.id AND k.key = ${category}
        LEFT JOIN suppression AS s ON s.tenant_id = t.id AND s.channel = ${channel} AND s.address = ${address}
          AND s.category = ${category ?? ""}
        WHERE t.id = ${tenantId}::uuid`;
      if (!row) return null;
      const { reason, ...named } = row;
      const state = reason === null ? "subscribed" : reason === "unsubscribe" ? "unsubscribed" : "blocked";
      return { ...named, state };
    },

    async unsubscribe({ tenantId, mode, channel, address, category }: UnsubscribeTarget): Promise<void> {
      const { reports } = await addSuppressions(database, [
        {
          ...{ tenantId, mode, channel, address, category: category ?? "" },
          ...{ reason: "unsubscribe", detail: "by the link in a message" },
        },
      ]);
      void queueReports(reports); // it never throws
    },

    /** Takes back an unsubscribe; what the address is suppressed for otherwise stays. */
    async resubscribe({ tenantId, mode, channel, address, category }: UnsubscribeTarget): Promise<void> {
      const { reports } = await removeSuppressions(
        database,
        { tenantId, mode },
        Prisma.sql`channel = ${channel} AND address = ${suppressedAddress(channel, address)}
          AND category = ${category ?? ""} AND reason = 'unsubscribe'`,
      );
      void queueReports(reports); // it never throws
    },
  };
}

export type UnsubscribeDoor = ReturnType<typeof createUnsubscribeDoor>;
