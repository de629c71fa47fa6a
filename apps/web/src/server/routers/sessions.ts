import { writeAudit } from "@tidings/core/audit/write-audit";
import { publicId } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import { z } from "zod";
import { rowId } from "../row-id";
import { auditorOf, router, signedInProcedure } from "../trpc";

/** Most sessions shown; those before have not been used for longest. */
const most = 100;

/** The browsers in which the caller is signed in. Their tokens stay here. */
export const sessionsRouter = router({
  /** Those used last come first. */
  list: signedInProcedure.query(async ({ ctx: { house, session } }) => {
    const rows = await house.database.session.findMany({
      where: { userId: session.user.id, expiresAt: { gt: new Date() } },
      orderBy: { updatedAt: "desc" },
      take: most,
    });
    return rows.map(({ id, userAgent, ipAddress, createdAt, updatedAt }) => ({
      id: publicId("session", id),
      isThis: id === session.session.id,
      userAgent,
      ipAddress,
      signedInAt: createdAt.toISOString(),
      /** Noted at most once a day. */
      seenAt: updatedAt.toISOString(),
    }));
  }),

  revoke: signedInProcedure
    .meta({ access: "signed-in", audit: "session.revoked" })
    .input(z.strictObject({ id: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const { database } = ctx.house;
      const id = rowId("session", input.id);
      const { count } = await database.session.deleteMany({ where: { id, userId: ctx.session.user.id } });
      if (count === 0) throw new Refusal("not_found", "That browser is signed out already.");
      await writeAudit(database, { ...auditorOf(ctx), tenantId: null, action: "session.revoked", target: input.id });
    }),

  /** Every browser but the caller's. */
  revokeOthers: signedInProcedure
    .meta({ access: "signed-in", audit: "session.others_revoked" })
    .mutation(async ({ ctx }) => {
      const { database } = ctx.house;
      const where = { userId: ctx.session.user.id, id: { not: ctx.session.session.id } };
      const { count } = await database.session.deleteMany({ where });
      const target = ctx.session.user.email;
      await writeAudit(database, {
        ...auditorOf(ctx),
        ...{ tenantId: null, action: "session.others_revoked", target, after: { revoked: count } },
      });
      return { count };
    }),
});
