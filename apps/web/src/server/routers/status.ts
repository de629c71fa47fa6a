import { readSystemStatus } from "../status/read-system-status";
import { publicProcedure, router } from "../trpc";

export const statusRouter = router({
  get: publicProcedure.query(({ ctx }) => readSystemStatus(ctx.house.processUrls)),
});
