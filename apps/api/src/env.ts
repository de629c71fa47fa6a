import { stripeWebhookEnv } from "@tidings/core/billing/stripe-env";
import { platformAccounts } from "@tidings/core/providers/platform-accounts";
import { sealerEnv } from "@tidings/core/secrets/sealer-env";
import {
  outboundAllowSetting,
  pipelineEnv,
  portSetting,
  publicUrlSetting,
  requestsPerSecondSetting,
} from "@tidings/runtime/pipeline-env";
import { readEnv } from "@tidings/runtime/read-env";
import { z } from "zod";

/** The settings of the API. */
export const apiEnv = pipelineEnv.extend({
  PORT: portSetting(4000, "Port of the API"),
  ...sealerEnv,
  PROVIDER_ACCOUNTS: platformAccounts,
  ...stripeWebhookEnv,
  PUBLIC_URL: publicUrlSetting,
  OUTBOUND_ALLOW: outboundAllowSetting,
  TRUSTED_PROXIES: z.coerce
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .meta({ description: "Load balancers in front, for the caller's address in X-Forwarded-For", example: "1" }),
  REQUESTS_PER_SECOND: requestsPerSecondSetting,
});
export type ApiEnv = z.output<typeof apiEnv>;

/** The API's settings. @throws {EnvError} that names every variable at fault */
export const readApiEnv = (): ApiEnv => readEnv(apiEnv, process.env);
