import { cancelInvitation } from "@tidings/core/team/cancel-invitation";
import { changeRole } from "@tidings/core/team/change-role";
import { inviteMember } from "@tidings/core/team/invite-member";
import { listTeam } from "@tidings/core/team/list-team";
import { removeMember } from "@tidings/core/team/remove-member";
import { resendInvitation } from "@tidings/core/team/resend-invitation";
import { inviteBody, roleSchema } from "@tidings/core/team/team-schemas";
import { publicId } from "@tidings/shared/ids";
import { modes } from "@tidings/shared/modes";
import { planOf } from "@tidings/shared/plans";
import { mayGive, type Role } from "@tidings/shared/roles";
import { z } from "zod";
import type { House } from "../house";
import { reachingMutation } from "../reaching-mutation";
import { rowId } from "../row-id";
import { denied, router, tenantMutation, tenantProcedure } from "../trpc";

/** Who works in a tenant, and who is asked to. */
export const teamRouter = router({
  list: tenantProcedure("team.read").query(async ({ ctx }) => {
    const { name, seats } = planOf(ctx.membership.plan);
    const caller = publicId("user", ctx.session.user.id);
    const team = await listTeam(ctx.house.database, ctx.owner.tenantId);
    return { ...team, caller, plan: name, seats };
  }),

  invite: reachingMutation("team.write", "member.invited", modes)
    .input(z.object(inviteBody.shape))
    .mutation(async ({ ctx, input: { email, role } }) => {
      ownersBy(ctx.membership.role)(role);
      const id = await inviteMember(invitingFrom(ctx.house), ctx.owner.tenantId, { email, role }, ctx.session.user);
      ctx.audit({ target: email, after: { role } });
      return { id, email };
    }),

  resendInvitation: reachingMutation("team.write", "invitation.resent", modes)
    .input(z.object({ id: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const { email, role } = await resendInvitation(
        invitingFrom(ctx.house),
        ctx.owner.tenantId,
        rowId("invitation", input.id),
        ctx.session.user,
        ownersBy(ctx.membership.role),
      );
      ctx.audit({ target: email, after: { role } });
    }),

  cancelInvitation: tenantMutation("team.write", "invitation.canceled")
    .input(z.object({ id: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const id = rowId("invitation", input.id);
      const { email, role } = await cancelInvitation(ctx.house.database, ctx.owner.tenantId, id);
      ctx.audit({ target: email, before: { role } });
    }),

  changeRole: tenantMutation("team.write", "member.role_changed")
    .input(z.object({ id: z.string(), role: roleSchema }))
    .mutation(async ({ ctx, input: { id, role } }) => {
      const check = ownersBy(ctx.membership.role);
      check(role);
      const changed = await changeRole(ctx.house.database, ctx.owner.tenantId, rowId("member", id), role, check);
      ctx.audit({ target: changed.email, before: { role: changed.before }, after: { role } });
    }),

  remove: tenantMutation("team.write", "member.removed")
    .input(z.object({ id: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const check = ownersBy(ctx.membership.role);
      const removed = await removeMember(ctx.house.database, ctx.owner.tenantId, rowId("member", input.id), check);
      ctx.audit({ target: removed.email, before: { role: removed.role } });
    }),
});

const invitingFrom = ({ database, writeMail, settings }: House) => ({
  database,
  writeMail,
  consoleUrl: settings.CONSOLE_URL,
});

/** Looks at each role that is given or taken, for the verbs that find it. */
function ownersBy(caller: Role): (touched: Role) => void {
  return (touched) => {
    if (!mayGive(caller, touched)) throw denied("forbidden", "Only an owner makes, changes or removes owners.");
  };
}
