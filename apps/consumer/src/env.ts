import { stripeEnv } from "@tidings/core/billing/stripe-env";
import { platformAccounts } from "@tidings/core/providers/accounts/platform-accounts";
import { consoleUrlSetting, pipelineEnv, portSetting, retentionDaysSetting } from "@tidings/runtime/pipeline-env";
import { readEnv } from "@tidings/runtime/read-env";
import type { z } from "zod";

/** The settings of the consumer. */
export const consumerEnv = pipelineEnv.extend({
  HEALTH_PORT: portSetting(4001, "Port of /livez, /readyz and /metrics"),
  PROVIDER_ACCOUNTS: platformAccounts,
  ...stripeEnv,
  CONSOLE_URL: consoleUrlSetting,
  RETENTION_DAYS: retentionDaysSetting,
});
export type ConsumerEnv = z.output<typeof consumerEnv>;

/** The consumer's settings. @throws {EnvError} that names every variable at fault */
export const readConsumerEnv = (): ConsumerEnv => readEnv(consumerEnv, process.env);
