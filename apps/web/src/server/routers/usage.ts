import { providerName } from "@tidings/channels/registry";
import { getLimits } from "@tidings/core/limits/get-limits";
import { getUsage } from "@tidings/core/usage/get-usage";
import { usageQuery } from "@tidings/core/usage/usage-schemas";
import { z } from "zod";
import { router, tenantProcedure } from "../trpc";

const { from, to } = usageQuery.shape;

/** What a tenant used, and how much of its plan that is. */
export const usageRouter = router({
  /** By days of UTC in a mode, told apart by one thing more. Days with nothing have no row. */
  get: tenantProcedure("usage.read")
    .input(z.object({ from, to, by: z.enum(["channel", "provider", "category"]) }))
    .query(async ({ ctx, input: { from, to, by } }) => {
      const { data, ...span } = await getUsage(ctx.house.database, ctx.owner, { from, to, groupBy: ["day", by] });
      const rows = data.map(({ day = "", accepted, sent, delivered, failed, units, ...row }) => ({
        ...{ day, accepted, sent, delivered, failed, units },
        /** A provider's name, a channel's or category's key. Null: no provider yet, or no category. */
        key: by === "provider" && row.provider ? providerName(row.provider) : (row[by] ?? null),
      }));
      return { ...span, rows };
    }),

  /** This month's quotas, which live mode alone counts against. */
  quotas: tenantProcedure("usage.read").query(async ({ ctx }) => {
    const { database, billing, defaults } = ctx.house;
    const { plan, quotas } = await getLimits(database, ctx.owner.tenantId, defaults.requestsPerSecond);
    return { plan, quotas, isSelfHosted: billing === null };
  }),
});
