import { join } from "node:path";
import { repository } from "../../scripts/packages.mjs";
import { mustRun } from "../../scripts/services/command.mjs";
import { removeStateDir } from "../../scripts/services/state-dir.mjs";
import { type Connection, startStack } from "../../scripts/stack.mjs";
import { createStripeFake, stripeKey, stripeWebhookSecret } from "../fakes/stripe-fake";

/** Where the console under test and what belongs to it can be reached. */
export type ConsoleConnection = Pick<Connection, "apiUrl" | "consoleUrl" | "mailboxUrl" | "databaseUrl">;

/**
 * Everything as `npm start` runs it, as built, in a directory of its own, with a Stripe that takes no money.
 * @returns how to reach it; `process` stops it all
 */
export async function startConsole(say: (message: string) => void) {
  const dir = join(repository, ".tidings", "e2e");
  removeStateDir(dir);
  const stripe = await createStripeFake();
  const env = {
    STRIPE_SECRET_KEY: stripeKey,
    STRIPE_WEBHOOK_SECRET: stripeWebhookSecret,
    STRIPE_API_URL: stripe.url,
    LOG_LEVEL: "warn",
    TRUSTED_PROXIES: "1", // the tests are one: each browser says where it comes from
  };
  const stack = await startStack({ dir, eventLog: "redis", env, onProgress: say });
  const operator = [join(repository, "apps/operator/dist/main.mjs"), "billing", "setup"];
  await mustRun(process.execPath, operator, { cwd: repository, env: { ...stack.env, ...env } });
  stripe.postTo(`${stack.connection.apiUrl}/stripe/webhooks`);
  const { apiUrl, consoleUrl, mailboxUrl, databaseUrl } = stack.connection;
  const connection: ConsoleConnection = { apiUrl, consoleUrl, mailboxUrl, databaseUrl };
  async function stop() {
    await stack.stop();
    await stripe.close();
    removeStateDir(dir);
  }
  return { connection, process: { stop } };
}
