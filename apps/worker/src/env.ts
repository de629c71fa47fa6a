import { platformAccounts } from "@tidings/core/providers/accounts/platform-accounts";
import { sealerEnv } from "@tidings/core/secrets/sealer-env";
import { outboundAllowSetting, pipelineEnv, portSetting, publicUrlSetting } from "@tidings/runtime/pipeline-env";
import { readEnv } from "@tidings/runtime/read-env";
import { z } from "zod";

/** The settings of the worker. */
export const workerEnv = pipelineEnv.extend({
  HEALTH_PORT: portSetting(4002, "Port of /livez, /readyz and /metrics"),
  PROVIDER_ACCOUNTS: platformAccounts,
  PUBLIC_URL: publicUrlSetting,
  ...sealerEnv,
  OUTBOUND_ALLOW: outboundAllowSetting,
  LANES: z
    .enum(["all", "urgent", "others"])
    .default("all")
    .transform((lanes) => (lanes === "all" ? (["urgent", "others"] as const) : [lanes]))
    .meta({
      description: "Which deliveries it takes: a worker of its own for critical ones keeps them clear of any flood",
      example: "all, urgent, others",
    }),
  CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(2_000)
    .default(200)
    .meta({ description: "Deliveries of each channel and lane in hand at once", example: "200" }),
  REPORT_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(1_000)
    .meta({ description: "Reports in hand at once: most of them wait for an endpoint's answer", example: "1000" }),
});
export type WorkerEnv = z.output<typeof workerEnv>;

/** The worker's settings. @throws {EnvError} that names every variable at fault */
export const readWorkerEnv = (): WorkerEnv => readEnv(workerEnv, process.env);
