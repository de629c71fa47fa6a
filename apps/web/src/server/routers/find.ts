import { findAnything } from "@tidings/core/find/find-anything";
import { z } from "zod";
import { router, tenantProcedure } from "../trpc";

/** What the palette finds. */
export const findRouter = router({
  anything: tenantProcedure("team.read")
    .input(z.object({ q: z.string().trim().min(2).max(300) }))
    .query(({ ctx, input: { q } }) => findAnything(ctx.house.database, ctx.owner, ctx.membership.role, q)),
});
