import { platformAccounts } from "@tidings/core/providers/platform-accounts";
import { pipelineEnv } from "@tidings/runtime/pipeline-env";
import { readEnv } from "@tidings/runtime/read-env";
import { z } from "zod";

const consumerEnv = pipelineEnv.extend({
  HEALTH_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(4001)
    .meta({ description: "Port of /livez, /readyz and /metrics", example: "4001" }),
  PROVIDER_ACCOUNTS: platformAccounts
    .prefault("[]")
    .meta({ description: "The platform's provider accounts, as JSON", example: '[{"provider":"smtp","config":{…}}]' }),
});
export type ConsumerEnv = z.output<typeof consumerEnv>;

/** The consumer's settings. @throws {EnvError} that names every variable at fault */
export const readConsumerEnv = (): ConsumerEnv => readEnv(consumerEnv, process.env);
