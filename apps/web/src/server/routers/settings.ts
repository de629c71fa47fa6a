import { requireTwoFactor } from "@tidings/core/team/require-two-factor";
import { eraseTenant } from "@tidings/core/tenants/erase-tenant";
import { presentTenant } from "@tidings/core/tenants/present-tenant";
import { type UpdateTenantBody, updateTenantBody } from "@tidings/core/tenants/tenant-schemas";
import { updateTenant } from "@tidings/core/tenants/update-tenant";
import { planOf } from "@tidings/shared/plans";
import { z } from "zod";
import { secondFactorOf } from "../second-factor-of";
import { auditorOf, router, tenantMutation, tenantProcedure } from "../trpc";

/** Plan and accounts of the platform are the operator's to give. */
const { plan: _plan, usesPlatformAccounts: _lent, ...editable } = updateTenantBody.shape;

/** What a tenant's team decides of the tenant as a whole. */
export const settingsRouter = router({
  get: tenantProcedure("settings.read").query(async ({ ctx }) => {
    const row = await ctx.house.database.tenant.findUniqueOrThrow({ where: { id: ctx.owner.tenantId } });
    const { name, retentionDays } = planOf(row.plan);
    return {
      ...presentTenant(row),
      requiresTwoFactor: row.requiresTwoFactor,
      planName: name,
      /** Days that messages are kept; a plan can only say less than the platform. */
      retentionDays: Math.min(retentionDays ?? Number.POSITIVE_INFINITY, ctx.house.defaults.retentionDays),
      /** Whether the plan says how long, and not the platform. */
      isRetentionOfPlan: retentionDays !== null && retentionDays < ctx.house.defaults.retentionDays,
      caller: secondFactorOf(ctx.session),
    };
  }),

  update: tenantMutation("settings.write", "settings.changed")
    .input(z.object(editable))
    .mutation(async ({ ctx, input: { tenant: _tenant, mode: _mode, ...fields } }) => {
      const { database } = ctx.house;
      const row = await database.tenant.findUniqueOrThrow({ where: { id: ctx.owner.tenantId } });
      const before = presentTenant(row);
      const after = presentTenant(await updateTenant(database, ctx.owner.tenantId, fields));
      const changed = (Object.keys(fields) as (keyof UpdateTenantBody)[]).filter(
        (name) => before[name] !== after[name],
      );
      const only = (values: typeof before) => Object.fromEntries(changed.map((name) => [name, values[name]]));
      ctx.audit({ target: after.id, before: only(before), after: only(after) });
      return after;
    }),

  requireTwoFactor: tenantMutation("team.write", "settings.two_factor_required")
    .input(z.object({ required: z.boolean() }))
    .mutation(async ({ ctx, input: { required } }) => {
      const caller = secondFactorOf(ctx.session);
      const before = await requireTwoFactor(ctx.house.database, ctx.owner.tenantId, required, caller);
      ctx.audit({ before: { requiresTwoFactor: before }, after: { requiresTwoFactor: required } });
    }),

  /** For good. The verb writes into the platform's audit log: the tenant's own goes with it. */
  erase: tenantProcedure("tenant.delete")
    .meta({ access: "tenant.delete", audit: "tenant.erased" })
    .input(z.object({ confirmation: z.string().max(64) }))
    .mutation(({ ctx, input }) => eraseTenant(ctx.house, ctx.owner.tenantId, input.confirmation, auditorOf(ctx))),
});
