import { accountRouter } from "./routers/account";
import { findRouter } from "./routers/find";
import { keysRouter } from "./routers/keys";
import { messagesRouter } from "./routers/messages";
import { statusRouter } from "./routers/status";
import { createCallerFactory, router } from "./trpc";

/** Everything the console can ask of its server. */
export const appRouter = router({
  account: accountRouter,
  find: findRouter,
  keys: keysRouter,
  messages: messagesRouter,
  status: statusRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
