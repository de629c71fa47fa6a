import { listCategories } from "@tidings/core/categories/list-categories";
import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import { createSuppression } from "@tidings/core/suppressions/create-suppression";
import { liftSuppressions, maxLiftedSuppressions } from "@tidings/core/suppressions/lift-suppressions";
import { listSuppressions } from "@tidings/core/suppressions/list-suppressions";
import { presentSuppression } from "@tidings/core/suppressions/present-suppression";
import {
  addressOfChannel,
  createSuppressionBody,
  suppressionSearch,
} from "@tidings/core/suppressions/suppression-schemas";
import { z } from "zod";
import { rowId } from "../row-id";
import { router, tenantMutation, tenantProcedure } from "../trpc";

const filters = suppressionSearch.shape;

/** Addresses not to send to. Both modes share them; lists in CSV come and go by routes beside the page. */
export const suppressionsRouter = router({
  /** Newest first. */
  list: tenantProcedure("suppressions.read")
    .input(z.object({ ...pageQuery.shape, ...filters }))
    .query(async ({ ctx, input: { limit, cursor, q, channel, category, reason, address } }) => {
      const page = await listSuppressions(
        ctx.house.database,
        ctx.owner.tenantId,
        { q, channel, category, reason, address },
        readPage({ limit, cursor }),
      );
      return presentPage(page, presentSuppression, (row) => row.id);
    }),

  /** What is known of the tenant's categories: for the filter and the form. */
  categories: tenantProcedure("suppressions.read").query(async ({ ctx }) => {
    const { rows } = await listCategories(ctx.house.database, ctx.owner.tenantId, { limit: 100 });
    return rows.map(({ key, name }) => ({ key, name }));
  }),

  create: tenantMutation("suppressions.write", "suppression.added")
    .input(z.object(createSuppressionBody.shape).superRefine(addressOfChannel))
    .mutation(async ({ ctx, input: { channel, address, category, reason, detail } }) => {
      const row = await createSuppression(ctx.house, ctx.owner, { channel, address, category, reason, detail });
      const after = presentSuppression(row);
      ctx.audit({ target: after.address, after });
      return after;
    }),

  /** Their addresses are sent to again. Each is an entry of the audit log; who lifted one before has left theirs. */
  lift: tenantMutation("suppressions.write", "suppression.lifted")
    .input(z.object({ ids: z.array(z.string()).min(1).max(maxLiftedSuppressions) }))
    .mutation(async ({ ctx, input }) => {
      const ids = input.ids.map((id) => rowId("suppression", id));
      const lifted = (await liftSuppressions(ctx.house, ctx.owner, ids)).map(presentSuppression);
      for (const before of lifted) ctx.audit({ target: before.address, before });
      return lifted.map(({ id }) => id);
    }),
});
