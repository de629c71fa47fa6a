import { channels } from "@tidings/channels/registry";
import { getLimits } from "@tidings/core/limits/get-limits";
import { limitQueues } from "@tidings/core/limits/limit-queues";
import { requestsPerSecondSchema, setChannelLimitBody } from "@tidings/core/limits/limit-schemas";
import { removeChannelLimit } from "@tidings/core/limits/remove-channel-limit";
import { setOwnChannelLimit } from "@tidings/core/limits/set-own-channel-limit";
import { setOwnRequestLimit } from "@tidings/core/limits/set-own-request-limit";
import { planOf } from "@tidings/shared/plans";
import { z } from "zod";
import type { House } from "../house";
import { router, tenantMutation, tenantProcedure } from "../trpc";

/** How fast a tenant may call and send. Its plan says how fast at most; a team may want less. */
export const limitsRouter = router({
  get: tenantProcedure("settings.read").query(async ({ ctx }) => {
    const { plan, own } = await limitsOf(ctx.house, ctx.owner.tenantId);
    return {
      planName: plan.name,
      requests: {
        ...{ own: own.requestsPerSecond, ofPlan: plan.requestsPerSecond },
        ofPlatform: ctx.house.defaults.requestsPerSecond,
      },
      channels: [...channels.values()].map(({ id }) => ({
        channel: id,
        own: own.channels.get(id) ?? null,
        ofPlan: plan.sendRate[id] ?? null,
      })),
    };
  }),

  setRequests: tenantMutation("settings.write", "limits.requests_set")
    .input(z.object({ requestsPerSecond: requestsPerSecondSchema }))
    .mutation(async ({ ctx, input: { requestsPerSecond } }) => {
      const { database } = ctx.house;
      const { own } = await limitsOf(ctx.house, ctx.owner.tenantId);
      await setOwnRequestLimit(database, ctx.owner.tenantId, requestsPerSecond);
      ctx.audit({
        target: "requests",
        before: { requestsPerSecond: own.requestsPerSecond },
        after: { requestsPerSecond },
      });
      return await getLimits(database, ctx.owner.tenantId);
    }),

  setChannel: tenantMutation("settings.write", "limits.channel_set")
    .input(z.object({ channel: z.string().max(40), ...setChannelLimitBody.shape }))
    .mutation(async ({ ctx, input: { channel, perSecond, burst } }) => {
      const { own } = await limitsOf(ctx.house, ctx.owner.tenantId);
      const deps = { ...ctx.house, ...limitQueues(ctx.house) };
      const rate = { perSecond, ...(burst !== undefined && { burst }) };
      const after = await setOwnChannelLimit(deps, ctx.owner.tenantId, channel, rate);
      const before = own.channels.get(channel) ?? null;
      ctx.audit({ target: channel, before, after: { perSecond: after.perSecond, burst: after.burst } });
    }),

  removeChannel: tenantMutation("settings.write", "limits.channel_removed")
    .input(z.object({ channel: z.string().max(40) }))
    .mutation(async ({ ctx, input: { channel } }) => {
      const { own } = await limitsOf(ctx.house, ctx.owner.tenantId);
      await removeChannelLimit({ ...ctx.house, ...limitQueues(ctx.house) }, ctx.owner.tenantId, channel);
      ctx.audit({ target: channel, before: own.channels.get(channel) ?? null });
    }),
});

async function limitsOf({ database }: House, id: string) {
  const tenant = await database.tenant.findUniqueOrThrow({ where: { id }, include: { channelLimits: true } });
  return {
    plan: planOf(tenant.plan),
    own: {
      requestsPerSecond: tenant.requestsPerSecond,
      channels: new Map(tenant.channelLimits.map(({ channel, perSecond, burst }) => [channel, { perSecond, burst }])),
    },
  };
}
