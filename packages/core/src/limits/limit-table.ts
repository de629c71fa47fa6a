import type { Database } from "@tidings/db/client";
import type { ChannelRate, LimitSetter, Rate } from "./limits-in-force";

/** A limit on a channel that a tenant may have, by who sets it: its plan's is not set. */
export interface ChannelLimitKey {
  tenantId: string;
  channel: string;
  setBy: Extract<LimitSetter, "operator" | "team">;
}

/** What both tables of such limits can be asked, which Prisma's types keep apart. */
interface LimitTable {
  findUnique(args: { where: RowKey; select: { perSecond: true; burst: true } }): Promise<Rate | null>;
  upsert(args: { where: RowKey; create: ChannelRate & { tenantId: string }; update: Rate }): Promise<unknown>;
  deleteMany(args: { where: { tenantId: string; channel: string } }): Promise<{ count: number }>;
}

interface RowKey {
  tenantId_channel: { tenantId: string; channel: string };
}

/** The table of the limits that operators set, or that teams set below them. */
export function limitTable(database: Database, setBy: ChannelLimitKey["setBy"]): LimitTable {
  return setBy === "team" ? database.ownChannelLimit : database.channelLimit;
}
