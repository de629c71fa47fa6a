import { writeAudit } from "@tidings/core/audit/write-audit";
import { createKey } from "@tidings/core/keys/create-key";
import { acceptInvitation } from "@tidings/core/team/accept-invitation";
import { findInvitation } from "@tidings/core/team/find-invitation";
import { foundTenant } from "@tidings/core/team/found-tenant";
import { leaveTeam } from "@tidings/core/team/leave-team";
import { publicId } from "@tidings/shared/ids";
import { unpaidPlan } from "@tidings/shared/plans";
import { scopes } from "@tidings/shared/scopes";
import { z } from "zod";
import { mayOperate } from "../auth/second-factor";
import type { SignedIn } from "../context";
import type { House } from "../house";
import { secondFactorOf } from "../second-factor-of";
import { auditorOf, denied, publicProcedure, router, signedInProcedure } from "../trpc";

/** The signed-in person: who they are, and the tenants they are in. */
export const accountRouter = router({
  me: signedInProcedure.query(async ({ ctx }) => {
    const { id, name, email, emailVerified, operator } = ctx.session.user;
    const memberships = await ctx.membershipsOf(id);
    return {
      id: publicId("user", id),
      name,
      email,
      isVerified: emailVerified,
      isOperator: operator === true,
      /** Whether the platform's pages are open to them: operators may need a second factor. */
      mayOperate: mayOperate(ctx.house, ctx.session),
      ...secondFactorOf(ctx.session),
      mayFoundTenants: mayFoundTenants(ctx.house, ctx.session),
      tenants: memberships.map(({ tenantId, ...rest }) => ({ id: publicId("tenant", tenantId), ...rest })),
    };
  }),

  /** Founds a tenant with the caller as its owner, and makes its first test key, whose text is in the answer alone. */
  foundTenant: signedInProcedure
    .meta({ access: "signed-in", audit: "tenant.created" })
    .input(z.strictObject({ name: z.string().trim().min(1, "must be given").max(100) }))
    .mutation(async ({ ctx, input: { name } }) => {
      if (!mayFoundTenants(ctx.house, ctx.session))
        throw denied("forbidden", "Here only the operator makes tenants: ask for one, or for an invitation to a team.");
      const { database, hasher, billing } = ctx.house;
      const owner = { id: ctx.session.user.id, email: ctx.session.user.email };
      const tenant = await foundTenant(database, { name, plan: billing ? unpaidPlan : "unlimited", owner });
      const body = { name: "First test key", mode: "test" as const, scopes: [...scopes] };
      const { text } = await createKey({ database, hasher }, tenant.id, body);
      const target = publicId("tenant", tenant.id);
      await writeAudit(database, {
        ...auditorOf(ctx),
        tenantId: tenant.id,
        action: "tenant.created",
        target,
        after: { name },
      });
      return { slug: tenant.slug, testKey: text };
    }),

  /** The address of who is signed in; null when nobody is. */
  email: publicProcedure.query(async ({ ctx }) => (await ctx.signedIn())?.user.email ?? null),

  invitation: publicProcedure
    .input(z.strictObject({ token: z.string().max(100) }))
    .query(({ ctx, input }) => findInvitation(ctx.house.database, input.token)),

  acceptInvitation: signedInProcedure
    .meta({ access: "signed-in", audit: "member.joined" })
    .input(z.strictObject({ token: z.string().max(100) }))
    .mutation(async ({ ctx, input: { token } }) => {
      const { tenantId, slug, role } = await acceptInvitation(ctx.house.database, token, ctx.session.user);
      const target = ctx.session.user.email;
      await writeAudit(ctx.house.database, {
        ...auditorOf(ctx),
        tenantId,
        action: "member.joined",
        target,
        after: { role },
      });
      return { slug };
    }),

  /** Takes the person out of a team, whatever the team asks of them otherwise. */
  leaveTenant: signedInProcedure
    .meta({ access: "signed-in", audit: "member.left" })
    .input(z.strictObject({ slug: z.string().max(64) }))
    .mutation(async ({ ctx, input: { slug } }) => {
      const { tenantId, role } = await leaveTeam(ctx.house.database, slug, ctx.session.user.id);
      const target = ctx.session.user.email;
      await writeAudit(ctx.house.database, {
        ...auditorOf(ctx),
        tenantId,
        action: "member.left",
        target,
        before: { role },
      });
    }),
});

/** Whoever may sign up may found tenants; where only the invited may, the operator makes them. */
function mayFoundTenants({ settings }: House, { user }: SignedIn): boolean {
  return settings.SIGN_UP === "open" || user.operator === true;
}
