import { categoryBody } from "@tidings/core/categories/category-schemas";
import { deleteCategory } from "@tidings/core/categories/delete-category";
import { listCategories } from "@tidings/core/categories/list-categories";
import { presentCategory } from "@tidings/core/categories/present-category";
import { putCategory } from "@tidings/core/categories/put-category";
import { categorySchema } from "@tidings/core/notifications/notification-request";
import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import { z } from "zod";
import { router, tenantMutation, tenantProcedure } from "../trpc";

const named = z.object({ key: categorySchema });

/** What notifications are about, where more is known of it than its key. */
export const categoriesRouter = router({
  /** In the order of their keys. */
  list: tenantProcedure("settings.read")
    .input(z.object(pageQuery.shape))
    .query(async ({ ctx, input: { limit, cursor } }) => {
      const page = await listCategories(ctx.house.database, ctx.owner.tenantId, readPage({ limit, cursor }, "text"));
      return presentPage(page, presentCategory, (row) => row.key);
    }),

  /** Makes or changes it. */
  put: tenantMutation("settings.write", "category.stored")
    .input(z.object({ ...named.shape, ...categoryBody.shape }))
    .mutation(async ({ ctx, input: { key, name, transactional } }) => {
      const { tenantId } = ctx.owner;
      const before = await ctx.house.database.category.findFirst({ where: { tenantId, key } });
      const after = presentCategory(await putCategory(ctx.house.database, tenantId, key, { name, transactional }));
      ctx.audit({ target: key, ...(before && { before: presentCategory(before) }), after });
      return after;
    }),

  delete: tenantMutation("settings.write", "category.deleted")
    .input(named)
    .mutation(async ({ ctx, input: { key } }) => {
      const { tenantId } = ctx.owner;
      const before = await ctx.house.database.category.findFirst({ where: { tenantId, key } });
      await deleteCategory(ctx.house.database, tenantId, key);
      ctx.audit({ target: key, ...(before && { before: presentCategory(before) }) });
    }),
});
