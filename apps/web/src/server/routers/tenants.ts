import { getLimits } from "@tidings/core/limits/get-limits";
import { limitQueues } from "@tidings/core/limits/limit-queues";
import { requestsPerSecondSchema, setChannelLimitBody } from "@tidings/core/limits/limit-schemas";
import { removeChannelLimit } from "@tidings/core/limits/remove-channel-limit";
import { setChannelLimit } from "@tidings/core/limits/set-channel-limit";
import { setRequestLimit } from "@tidings/core/limits/set-request-limit";
import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import { findSupportVisit } from "@tidings/core/platform/find-support-visit";
import { endSupportVisit, openSupportVisit, visitReason } from "@tidings/core/platform/open-support-visit";
import { searchTenants, type TenantWithVolume, tenantFilters, volumesOf } from "@tidings/core/platform/search-tenants";
import { inviteMember } from "@tidings/core/team/invite-member";
import { listTeam } from "@tidings/core/team/list-team";
import { signInAddress } from "@tidings/core/team/team-schemas";
import { createTenant } from "@tidings/core/tenants/create-tenant";
import { getTenantBySlug } from "@tidings/core/tenants/get-tenant-by-slug";
import { presentTenant } from "@tidings/core/tenants/present-tenant";
import { createTenantBody, updateTenantBody } from "@tidings/core/tenants/tenant-schemas";
import { updateTenant } from "@tidings/core/tenants/update-tenant";
import { platformSlug } from "@tidings/core/tenants/write-mail";
import { Refusal } from "@tidings/shared/refusals";
import { z } from "zod";
import type { House } from "../house";
import { secondFactorOf } from "../second-factor-of";
import { operatorMutation, operatorProcedure, router } from "../trpc";

const slug = { slug: z.string().max(64) };

/** All tenants, as the operator has them: their plans and limits, and a look into their console. */
export const tenantsRouter = router({
  list: operatorProcedure
    .input(z.object({ ...tenantFilters.shape, ...pageQuery.shape }))
    .query(async ({ ctx, input: { limit, cursor, ...filters } }) =>
      presentPage(
        await searchTenants(ctx.house.database, filters, readPage({ limit, cursor })),
        (row: TenantWithVolume) => ({ ...presentTenant(row), volume: row.volume }),
        ({ id }) => id,
      ),
    ),

  get: operatorProcedure.input(z.object(slug)).query(async ({ ctx, input }) => {
    const { database, billing, defaults } = ctx.house;
    const tenant = await tenantBy(ctx.house, input.slug);
    const [limits, team, volumes, visit, granted] = await Promise.all([
      getLimits(database, tenant.id, defaults.requestsPerSecond),
      listTeam(database, tenant.id),
      volumesOf(database, [tenant.id]),
      findSupportVisit(database, ctx.session.user.id, tenant.slug),
      database.channelLimit.findMany({ where: { tenantId: tenant.id } }),
    ]);
    const isMember = team.members.some(({ email }) => email === ctx.session.user.email);
    return {
      ...presentTenant(tenant),
      volume: volumes.get(tenant.id) ?? { accepted: 0, sent: 0, failed: 0 },
      limits: {
        ...limits,
        /** What operators have set for the tenant. */
        ofOperator: {
          requestsPerSecond: tenant.requestsPerSecond,
          channels: Object.fromEntries(granted.map(({ channel, perSecond }) => [channel, perSecond])),
        },
      },
      team,
      isMember,
      isOpenToVisits: tenant.slug !== platformSlug,
      requiresTwoFactor: tenant.requiresTwoFactor,
      sellsPlans: billing !== null,
      visit: visit?.visit ? { reason: visit.visit.reason, until: visit.visit.until.toISOString() } : null,
    };
  }),

  /** Makes a tenant and invites its owner by mail, in the operator's name. */
  create: operatorMutation("tenant.created")
    .input(z.object({ ...createTenantBody.omit({ contactEmail: true }).shape, owner: signInAddress }))
    .mutation(async ({ ctx, input: { owner, ...body } }) => {
      const { database, writeMail, settings } = ctx.house;
      const tenant = await createTenant(database, { ...body, contactEmail: owner });
      const inviting = { database, writeMail, consoleUrl: settings.CONSOLE_URL };
      await inviteMember(inviting, tenant.id, { email: owner, role: "owner" }, ctx.session.user);
      const { name, plan } = tenant;
      ctx.audit({ tenantId: tenant.id, target: tenant.slug, after: { name, plan } });
      ctx.audit({ tenantId: tenant.id, action: "member.invited", target: owner, after: { role: "owner" } });
      return { slug: tenant.slug };
    }),

  update: operatorMutation("tenant.changed")
    .input(z.object({ ...slug, ...updateTenantBody.omit({ tracksOpens: true, tracksClicks: true }).shape }))
    .mutation(async ({ ctx, input: { slug, ...changes } }) => {
      const before = await tenantBy(ctx.house, slug);
      const after = await updateTenant(ctx.house.database, before.id, changes);
      const names = Object.keys(changes) as (keyof typeof changes)[];
      const only = (row: typeof after) => Object.fromEntries(names.map((name) => [name, row[name]]));
      ctx.audit({ tenantId: after.id, target: slug, before: only(before), after: only(after) });
    }),

  /** Requests a second over all its keys, whatever its plan has; null goes back to the plan's. Its team may want less. */
  setRequestLimit: operatorMutation("tenant.request_limit_set")
    .input(z.object({ ...slug, requestsPerSecond: requestsPerSecondSchema }))
    .mutation(async ({ ctx, input: { slug, requestsPerSecond } }) => {
      const { id, requestsPerSecond: before } = await tenantBy(ctx.house, slug);
      await setRequestLimit(ctx.house.database, id, requestsPerSecond);
      ctx.audit({
        ...{ tenantId: id, target: "requests" },
        before: { requestsPerSecond: before },
        after: { requestsPerSecond },
      });
    }),

  /** Deliveries a second on a channel, whatever its plan has. Its team may want less. */
  setChannelLimit: operatorMutation("tenant.channel_limit_set")
    .input(z.object({ ...slug, channel: z.string().max(40), ...setChannelLimitBody.shape }))
    .mutation(async ({ ctx, input: { slug, channel, perSecond, burst } }) => {
      const { id: tenantId } = await tenantBy(ctx.house, slug);
      const deps = { ...ctx.house, ...limitQueues(ctx.house) };
      const rate = { perSecond, ...(burst !== undefined && { burst }) };
      const change = await setChannelLimit(deps, { tenantId, channel, setBy: "operator" }, rate);
      ctx.audit({ tenantId, target: channel, ...change });
    }),

  /** Lifts what operators set: the plan's holds then, or less where the team wants less. */
  removeChannelLimit: operatorMutation("tenant.channel_limit_removed")
    .input(z.object({ ...slug, channel: z.string().max(40) }))
    .mutation(async ({ ctx, input: { slug, channel } }) => {
      const { id: tenantId } = await tenantBy(ctx.house, slug);
      const deps = { ...ctx.house, ...limitQueues(ctx.house) };
      const before = await removeChannelLimit(deps, { tenantId, channel, setBy: "operator" });
      ctx.audit({ tenantId, target: channel, before });
    }),

  /** Lets the operator see a tenant's console for an hour, for a reason that the tenant reads in its audit log. */
  openVisit: operatorMutation("support.opened")
    .input(z.object({ ...slug, reason: visitReason }))
    .mutation(async ({ ctx, input: { slug, reason } }) => {
      const { user } = ctx.session;
      const tenant = await tenantBy(ctx.house, slug);
      const operator = { id: user.id, ...secondFactorOf(ctx.session) };
      const { until } = await openSupportVisit(ctx.house.database, operator, tenant.id, reason);
      ctx.audit({ tenantId: tenant.id, target: user.email, after: { reason, until } });
    }),

  endVisit: operatorMutation("support.closed")
    .input(z.object(slug))
    .mutation(async ({ ctx, input: { slug } }) => {
      const { user } = ctx.session;
      const tenant = await tenantBy(ctx.house, slug);
      if (!(await endSupportVisit(ctx.house.database, user.id, tenant.id)))
        throw new Refusal("not_found", "There is no visit to end: its hour is over.");
      ctx.audit({ tenantId: tenant.id, target: user.email });
    }),

  /** The visit of a tenant that is under way, for its frame; null when there is none. */
  visit: operatorProcedure
    .input(z.object(slug))
    .query(({ ctx, input }) => findSupportVisit(ctx.house.database, ctx.session.user.id, input.slug)),
});

/** @throws {Refusal} `not_found`, also for one that is erased */
async function tenantBy({ database }: House, slug: string) {
  const tenant = await getTenantBySlug(database, slug);
  if (tenant.erasedAt) throw new Refusal("not_found", `There is no tenant with the slug ${slug}.`);
  return tenant;
}
