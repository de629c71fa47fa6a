import { publicStatus } from "../status/read-system-status";
import { publicProcedure, router } from "../trpc";

export const statusRouter = router({
  get: publicProcedure.query(async ({ ctx }) => publicStatus(await ctx.house.readStatus())),
});
