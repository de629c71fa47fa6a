import { channels } from "@tidings/channels/registry";
import { limitQueues } from "@tidings/core/limits/limit-queues";
import { requestsPerSecondSchema, setChannelLimitBody } from "@tidings/core/limits/limit-schemas";
import {
  type ChannelRate,
  channelLimitsInForce,
  mostOnChannels,
  mostRequests,
  requestLimitInForce,
} from "@tidings/core/limits/limits-in-force";
import { removeOwnChannelLimit } from "@tidings/core/limits/remove-own-channel-limit";
import { setOwnChannelLimit } from "@tidings/core/limits/set-own-channel-limit";
import { setOwnRequestLimit } from "@tidings/core/limits/set-own-request-limit";
import { planOf } from "@tidings/shared/plans";
import { z } from "zod";
import type { House } from "../house";
import { router, tenantMutation, tenantProcedure } from "../trpc";

/** How fast a tenant may call and send. The operator, or else its plan, says how fast at most; a team may want less. */
export const limitsRouter = router({
  get: tenantProcedure("settings.read").query(async ({ ctx }) => {
    const tenant = await tenantOf(ctx.house, ctx.owner.tenantId);
    const { requestsPerSecond: ofPlatform } = ctx.house.defaults;
    const most = mostOnChannels(tenant);
    const inForce = new Map(channelLimitsInForce(tenant).map((limit) => [limit.channel, limit]));
    const own = new Map(tenant.ownChannelLimits.map((limit) => [limit.channel, limit]));
    return {
      planName: planOf(tenant.plan).name,
      requests: {
        own: tenant.ownRequestsPerSecond,
        most: mostRequests(tenant, ofPlatform),
        inForce: requestLimitInForce(tenant, ofPlatform),
      },
      channels: [...channels.keys()].map((channel) => ({
        channel,
        own: rateOf(own.get(channel)),
        most: most.get(channel) ?? null,
        inForce: inForce.get(channel) ?? null,
      })),
    };
  }),

  setRequests: tenantMutation("settings.write", "limits.requests_set")
    .input(z.object({ requestsPerSecond: requestsPerSecondSchema }))
    .mutation(async ({ ctx, input: { requestsPerSecond } }) => {
      const { database } = ctx.house;
      const { ownRequestsPerSecond: before } = await tenantOf(ctx.house, ctx.owner.tenantId);
      await setOwnRequestLimit(database, ctx.owner.tenantId, requestsPerSecond, ctx.house.defaults.requestsPerSecond);
      ctx.audit({ target: "requests", before: { requestsPerSecond: before }, after: { requestsPerSecond } });
    }),

  setChannel: tenantMutation("settings.write", "limits.channel_set")
    .input(z.object({ channel: z.string().max(40), ...setChannelLimitBody.shape }))
    .mutation(async ({ ctx, input: { channel, perSecond, burst } }) => {
      const before = await ownRate(ctx.house, ctx.owner.tenantId, channel);
      const deps = { ...ctx.house, ...limitQueues(ctx.house) };
      const rate = { perSecond, ...(burst !== undefined && { burst }) };
      const after = await setOwnChannelLimit(deps, ctx.owner.tenantId, channel, rate);
      ctx.audit({ target: channel, before, after: { perSecond: after.perSecond, burst: after.burst } });
    }),

  removeChannel: tenantMutation("settings.write", "limits.channel_removed")
    .input(z.object({ channel: z.string().max(40) }))
    .mutation(async ({ ctx, input: { channel } }) => {
      const before = await ownRate(ctx.house, ctx.owner.tenantId, channel);
      await removeOwnChannelLimit({ ...ctx.house, ...limitQueues(ctx.house) }, ctx.owner.tenantId, channel);
      ctx.audit({ target: channel, before });
    }),
});

function tenantOf({ database }: House, id: string) {
  return database.tenant.findUniqueOrThrow({ where: { id }, include: { channelLimits: true, ownChannelLimits: true } });
}

async function ownRate({ database }: House, tenantId: string, channel: string) {
  return rateOf(await database.ownChannelLimit.findUnique({ where: { tenantId_channel: { tenantId, channel } } }));
}

function rateOf(limit: ChannelRate | null | undefined) {
  return limit ? { perSecond: limit.perSecond, burst: limit.burst } : null;
}
