import { platformAccounts } from "@tidings/core/providers/platform-accounts";
import { pipelineEnv, portSetting } from "@tidings/runtime/pipeline-env";
import { readEnv } from "@tidings/runtime/read-env";
import type { z } from "zod";

const consumerEnv = pipelineEnv.extend({
  HEALTH_PORT: portSetting(4001, "Port of /livez, /readyz and /metrics"),
  PROVIDER_ACCOUNTS: platformAccounts,
});
export type ConsumerEnv = z.output<typeof consumerEnv>;

/** The consumer's settings. @throws {EnvError} that names every variable at fault */
export const readConsumerEnv = (): ConsumerEnv => readEnv(consumerEnv, process.env);
