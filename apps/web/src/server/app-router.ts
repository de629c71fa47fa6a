import { statusRouter } from "./routers/status";
import { router } from "./trpc";

/** Everything the console can ask of its server. */
export const appRouter = router({ status: statusRouter });

export type AppRouter = typeof appRouter;
