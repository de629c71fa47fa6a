import { stripeEnv } from "@tidings/core/billing/stripe-env";
import { platformAccounts } from "@tidings/core/providers/accounts/platform-accounts";
import { sealerEnv } from "@tidings/core/secrets/sealer-env";
import {
  baseUrlSetting,
  outboundAllowSetting,
  pipelineEnv,
  publicUrlSetting,
  requestsPerSecondSetting,
  retentionDaysSetting,
  trustedProxiesSetting,
} from "@tidings/runtime/pipeline-env";
import { readEnv } from "@tidings/runtime/read-env";
import { z } from "zod";

/** The settings of the console. */
export const webEnv = pipelineEnv.extend({
  ...sealerEnv,
  ...stripeEnv,
  CONSOLE_URL: baseUrlSetting.meta({
    description:
      "the console's address as browsers see it: links in mails lead there, and no other origin may change anything",
    example: "http://localhost:3000",
  }),
  API_URL: baseUrlSetting.meta({
    description: "the API's address as its callers see it",
    example: "http://localhost:4000",
  }),
  API_HEALTH_URL: baseUrlSetting.optional().meta({
    description: "the API's address as this process reaches it, when that is another",
    example: "http://api:4000",
  }),
  CONSUMER_HEALTH_URL: baseUrlSetting.meta({
    description: "where the consumer answers /readyz",
    example: "http://localhost:4001",
  }),
  WORKER_HEALTH_URL: baseUrlSetting.meta({
    description: "where a worker answers /readyz",
    example: "http://localhost:4002",
  }),
  URGENT_WORKER_HEALTH_URL: baseUrlSetting.optional().meta({
    description: "where a worker for critical deliveries answers /readyz, when there is one apart",
    example: "http://localhost:4003",
  }),
  MAILBOX_URL: baseUrlSetting.optional().meta({ description: "the local mailbox's page, where there is one" }),
  PUBLIC_URL: publicUrlSetting,
  OUTBOUND_ALLOW: outboundAllowSetting,
  PROVIDER_ACCOUNTS: platformAccounts,
  RETENTION_DAYS: retentionDaysSetting,
  REQUESTS_PER_SECOND: requestsPerSecondSetting,
  SIGN_UP: z
    .enum(["open", "invited"])
    .default("open")
    .meta({ description: "Who may make an account: anybody, or only who was invited to a team", example: "invited" }),
  OPERATOR_SECOND_FACTOR: z.enum(["required", "optional"]).default("required").meta({
    description: "Whether operators must have given a second factor to see the platform's pages and to visit tenants",
    example: "required",
  }),
  OIDC_ISSUER: baseUrlSetting.optional().meta({
    description: "Issuer of single sign-on by OpenID Connect; with it come OIDC_CLIENT_ID and OIDC_CLIENT_SECRET",
    example: "https://login.example.com",
  }),
  OIDC_CLIENT_ID: z.string().optional().meta({ description: "The console's client id there", example: "tidings" }),
  OIDC_CLIENT_SECRET: z.string().optional().meta({ description: "Its secret", example: "" }),
  OIDC_NAME: z.string().default("single sign-on").meta({
    description: "What the button to it says after “Continue with”",
    example: "Acme",
  }),
  TRUSTED_PROXIES: trustedProxiesSetting,
});

/** What `env` gives. */
export type Env = z.output<typeof webEnv>;

let read: Env | undefined;

/**
 * The settings of this process. Read on first use, never while building: one build serves every environment.
 * @throws {EnvError} naming each variable that is wrong
 */
export function env(): Env {
  read ??= readEnv(webEnv, process.env);
  return read;
}
