import { platformAccounts } from "@tidings/core/providers/platform-accounts";
import { pipelineEnv, portSetting } from "@tidings/runtime/pipeline-env";
import { readEnv } from "@tidings/runtime/read-env";
import { z } from "zod";

const workerEnv = pipelineEnv.extend({
  HEALTH_PORT: portSetting(4002, "Port of /livez, /readyz and /metrics"),
  PROVIDER_ACCOUNTS: platformAccounts,
  OUTBOUND_ALLOW: z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((range) => range.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.union([z.cidrv4(), z.cidrv6()])))
    .meta({ description: "Ranges that tenants' URLs may reach although they are not public", example: "10.1.0.0/16" }),
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
});
export type WorkerEnv = z.output<typeof workerEnv>;

/** The worker's settings. @throws {EnvError} that names every variable at fault */
export const readWorkerEnv = (): WorkerEnv => readEnv(workerEnv, process.env);
