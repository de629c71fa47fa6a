import { getLimitSettings } from "@tidings/core/limits/get-limit-settings";
import { limitQueues } from "@tidings/core/limits/limit-queues";
import { requestsPerSecondSchema, setChannelLimitBody } from "@tidings/core/limits/limit-schemas";
import { removeChannelLimit } from "@tidings/core/limits/remove-channel-limit";
import { setChannelLimit } from "@tidings/core/limits/set-channel-limit";
import { setOwnRequestLimit } from "@tidings/core/limits/set-own-request-limit";
import { z } from "zod";
import { router, tenantMutation, tenantProcedure } from "../trpc";

/** How fast a tenant may call and send. The operator, or else its plan, says how fast at most; a team may want less. */
export const limitsRouter = router({
  get: tenantProcedure("settings.read").query(({ ctx: { house, owner } }) =>
    getLimitSettings(house.database, owner.tenantId, house.defaults.requestsPerSecond),
  ),

  setRequests: tenantMutation("settings.write", "limits.requests_set")
    .input(z.object({ requestsPerSecond: requestsPerSecondSchema }))
    .mutation(async ({ ctx, input: { requestsPerSecond } }) => {
      const { database, defaults } = ctx.house;
      const { tenantId } = ctx.owner;
      const before = await setOwnRequestLimit(database, tenantId, requestsPerSecond, defaults.requestsPerSecond);
      ctx.audit({ target: "requests", before: { requestsPerSecond: before }, after: { requestsPerSecond } });
    }),

  setChannel: tenantMutation("settings.write", "limits.channel_set")
    .input(z.object({ channel: z.string().max(40), ...setChannelLimitBody.shape }))
    .mutation(async ({ ctx, input: { channel, perSecond, burst } }) => {
      const deps = { ...ctx.house, ...limitQueues(ctx.house) };
      const limit = { tenantId: ctx.owner.tenantId, channel, setBy: "team" } as const;
      const rate = { perSecond, ...(burst !== undefined && { burst }) };
      ctx.audit({ target: channel, ...(await setChannelLimit(deps, limit, rate)) });
    }),

  removeChannel: tenantMutation("settings.write", "limits.channel_removed")
    .input(z.object({ channel: z.string().max(40) }))
    .mutation(async ({ ctx, input: { channel } }) => {
      const deps = { ...ctx.house, ...limitQueues(ctx.house) };
      const limit = { tenantId: ctx.owner.tenantId, channel, setBy: "team" } as const;
      ctx.audit({ target: channel, before: await removeChannelLimit(deps, limit) });
    }),
});
