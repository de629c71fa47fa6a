import { stripeWebhookEnv } from "@tidings/core/billing/stripe-env";
import { platformAccounts } from "@tidings/core/providers/accounts/platform-accounts";
import { sealerEnv } from "@tidings/core/secrets/sealer-env";
import {
  outboundAllowSetting,
  pipelineEnv,
  portSetting,
  publicUrlSetting,
  requestsPerSecondSetting,
  trustedProxiesSetting,
} from "@tidings/runtime/pipeline-env";
import { readEnv } from "@tidings/runtime/read-env";
import type { z } from "zod";

/** The settings of the API. */
export const apiEnv = pipelineEnv.extend({
  PORT: portSetting(4000, "Port of the API"),
  ...sealerEnv,
  PROVIDER_ACCOUNTS: platformAccounts,
  ...stripeWebhookEnv,
  PUBLIC_URL: publicUrlSetting,
  OUTBOUND_ALLOW: outboundAllowSetting,
  TRUSTED_PROXIES: trustedProxiesSetting,
  REQUESTS_PER_SECOND: requestsPerSecondSetting,
});
export type ApiEnv = z.output<typeof apiEnv>;

/** The API's settings. @throws {EnvError} that names every variable at fault */
export const readApiEnv = (): ApiEnv => readEnv(apiEnv, process.env);
