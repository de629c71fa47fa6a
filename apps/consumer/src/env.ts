import { stripeEnv } from "@tidings/core/billing/stripe-env";
import { platformAccounts } from "@tidings/core/providers/platform-accounts";
import { consoleUrlSetting, pipelineEnv, portSetting } from "@tidings/runtime/pipeline-env";
import { readEnv } from "@tidings/runtime/read-env";
import { z } from "zod";

const consumerEnv = pipelineEnv.extend({
  HEALTH_PORT: portSetting(4001, "Port of /livez, /readyz and /metrics"),
  PROVIDER_ACCOUNTS: platformAccounts,
  ...stripeEnv,
  CONSOLE_URL: consoleUrlSetting,
  RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(36_500)
    .default(400)
    .meta({ description: "Days that notifications are kept, at least", example: "400" }),
});
export type ConsumerEnv = z.output<typeof consumerEnv>;

/** The consumer's settings. @throws {EnvError} that names every variable at fault */
export const readConsumerEnv = (): ConsumerEnv => readEnv(consumerEnv, process.env);
