import { accountRouter } from "./routers/account";
import { auditRouter } from "./routers/audit";
import { billingRouter } from "./routers/billing";
import { categoriesRouter } from "./routers/categories";
import { deadLettersRouter } from "./routers/dead-letters";
import { findRouter } from "./routers/find";
import { keysRouter } from "./routers/keys";
import { limitsRouter } from "./routers/limits";
import { messagesRouter } from "./routers/messages";
import { operatorRouter } from "./routers/operator";
import { overviewRouter } from "./routers/overview";
import { providersRouter } from "./routers/providers";
import { recipientsRouter } from "./routers/recipients";
import { sessionsRouter } from "./routers/sessions";
import { settingsRouter } from "./routers/settings";
import { statusRouter } from "./routers/status";
import { suppressionsRouter } from "./routers/suppressions";
import { teamRouter } from "./routers/team";
import { templatesRouter } from "./routers/templates";
import { tenantsRouter } from "./routers/tenants";
import { usageRouter } from "./routers/usage";
import { webhooksRouter } from "./routers/webhooks";
import { createCallerFactory, router } from "./trpc";

/** Everything the console can ask of its server. */
export const appRouter = router({
  account: accountRouter,
  team: teamRouter,
  sessions: sessionsRouter,
  settings: settingsRouter,
  limits: limitsRouter,
  categories: categoriesRouter,
  audit: auditRouter,
  usage: usageRouter,
  billing: billingRouter,
  find: findRouter,
  keys: keysRouter,
  messages: messagesRouter,
  recipients: recipientsRouter,
  overview: overviewRouter,
  providers: providersRouter,
  status: statusRouter,
  templates: templatesRouter,
  suppressions: suppressionsRouter,
  webhooks: webhooksRouter,
  operator: operatorRouter,
  deadLetters: deadLettersRouter,
  tenants: tenantsRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
