import { createKey } from "@tidings/core/keys/create-key";
import { getKey } from "@tidings/core/keys/get-key";
import { createKeyBody } from "@tidings/core/keys/key-schemas";
import { listKeys } from "@tidings/core/keys/list-keys";
import { presentKey } from "@tidings/core/keys/present-key";
import { revokeKey } from "@tidings/core/keys/revoke-key";
import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import { z } from "zod";
import { reachingMutation } from "../reaching-mutation";
import { rowId } from "../row-id";
import { router, tenantMutation, tenantProcedure } from "../trpc";

/** API keys. A key's text is in the answer that makes it, and nowhere else. */
export const keysRouter = router({
  /** Those of the mode, newest first. */
  list: tenantProcedure("keys.read")
    .input(z.object({ ...pageQuery.shape, ended: z.boolean().default(false) }))
    .query(async ({ ctx, input }) => {
      const { tenantId, mode } = ctx.owner;
      const page = await listKeys(ctx.house.database, tenantId, readPage(input), { mode, usable: !input.ended });
      return presentPage(page, presentKey, (row) => row.id);
    }),

  /** Of the input's mode. */
  create: reachingMutation("keys.write", "key.created")
    .input(z.object(createKeyBody.shape))
    .mutation(async ({ ctx, input }) => {
      const { row, text } = await createKey(ctx.house, ctx.owner.tenantId, input);
      const made = presentKey(row);
      ctx.audit({ target: made.id, after: made });
      return { ...made, key: text };
    }),

  /** It is refused everywhere within a second. */
  revoke: tenantMutation("keys.write", "key.revoked")
    .input(z.object({ id: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const id = rowId("key", input.id);
      const before = presentKey(await getKey(ctx.house.database, ctx.owner.tenantId, id));
      const after = presentKey(await revokeKey(ctx.house.database, ctx.owner.tenantId, id));
      ctx.audit({ target: after.id, before, after });
      return after;
    }),
});
