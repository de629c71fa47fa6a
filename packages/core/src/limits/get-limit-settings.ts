import { channels } from "@tidings/channels/registry";
import type { Database } from "@tidings/db/client";
import { planOf } from "@tidings/shared/plans";
import {
  type ChannelRate,
  channelLimitsInForce,
  type LimitSetter,
  mostOnChannels,
  mostRequests,
  type Rate,
  requestLimitInForce,
} from "./limits-in-force";

type Giver = Exclude<LimitSetter, "team">;

/** What a tenant was given, what its team has set below it, and what holds. */
export interface LimitSettings {
  planName: string;
  /** A second, over all keys. */
  requests: {
    own: number | null;
    most: { perSecond: number; setBy: Giver };
    inForce: { perSecond: number; setBy: LimitSetter };
  };
  /** Every channel; what is null there is not limited. */
  channels: {
    channel: string;
    own: Rate | null;
    most: (ChannelRate & { setBy: Exclude<Giver, "platform"> }) | null;
    inForce: (ChannelRate & { setBy: Exclude<LimitSetter, "platform"> }) | null;
  }[];
}

/**
 * The limits of a tenant as its team sets them.
 * @param defaultPerSecond the platform's, of requests
 */
export async function getLimitSettings(
  database: Database,
  tenantId: string,
  defaultPerSecond: number,
): Promise<LimitSettings> {
  const tenant = await database.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    include: { channelLimits: true, ownChannelLimits: true },
  });
  const most = mostOnChannels(tenant);
  const inForce = new Map(channelLimitsInForce(tenant).map((limit) => [limit.channel, limit]));
  const own = new Map(tenant.ownChannelLimits.map(({ channel, perSecond, burst }) => [channel, { perSecond, burst }]));
  return {
    planName: planOf(tenant.plan).name,
    requests: {
      own: tenant.ownRequestsPerSecond,
      most: mostRequests(tenant, defaultPerSecond),
      inForce: requestLimitInForce(tenant, defaultPerSecond),
    },
    channels: [...channels.keys()].map((channel) => ({
      channel,
      own: own.get(channel) ?? null,
      most: most.get(channel) ?? null,
      inForce: inForce.get(channel) ?? null,
    })),
  };
}
