import { z } from "zod";
import type { EventLogSettings } from "./event-log/create-event-log";
import { logLevels } from "./logger";
import { EnvError } from "./read-env";

/** A port to listen on; 0 takes a free one. */
export function portSetting(usual: number, description: string) {
  return z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(usual)
    .meta({ description, example: String(usual) });
}

/** An address others are appended to, so without the slash at its end. */
export const baseUrlSetting = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));

/** Where the internet reaches the API; absent where it does not, and then no receipts come. */
export const publicUrlSetting = baseUrlSetting.optional().meta({
  description: "The API's address as the internet sees it: where providers send receipts to",
  example: "https://notify.example.com",
});

/** Where people open the console, for links in mails and for Stripe to lead back to. */
export const consoleUrlSetting = baseUrlSetting
  .default("http://localhost:3000")
  .meta({ description: "The console's address as browsers see it", example: "https://console.example.com" });

/** How long everything is kept; a tenant's plan may say less. The consumer heeds it, the console tells it. */
export const retentionDaysSetting = z.coerce
  .number()
  .int()
  .min(1)
  .max(36_500)
  .default(400)
  .meta({ description: "Days that notifications are kept, at least", example: "400" });

/** How fast a tenant may call that has no limit of its own. The API heeds it, the console tells it. */
export const requestsPerSecondSetting = z.coerce
  .number()
  .int()
  .positive()
  .default(1_000)
  .meta({ description: "Of a tenant that has no limit of its own", example: "1000" });

/** How many load balancers stand in front: none, and `X-Forwarded-For` says nothing. */
export const trustedProxiesSetting = z.coerce
  .number()
  .int()
  .min(0)
  .max(10)
  .default(0)
  .meta({ description: "Load balancers in front, for the caller's address in X-Forwarded-For", example: "1" });

export const outboundAllowSetting = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((range) => range.trim())
      .filter(Boolean),
  )
  .pipe(z.array(z.union([z.cidrv4(), z.cidrv6()])))
  .meta({ description: "Ranges that tenants' URLs may reach although they are not public", example: "10.1.0.0/16" });

/** The settings every process of the pipeline has. */
export const pipelineEnv = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).meta({
    description: "Postgres 18 or later",
    example: "postgres://tidings:secret@127.0.0.1:5432/tidings",
  }),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .meta({ description: "Redis 7 or later", example: "redis://127.0.0.1:6379" }),
  EVENT_LOG: z
    .enum(["kafka", "redis"])
    .default("kafka")
    .meta({ description: "What carries accepted notifications to the consumers", example: "kafka" }),
  KAFKA_BROKERS: z
    .string()
    .optional()
    .transform((text) => text?.split(",").map((broker) => broker.trim()) ?? [])
    .meta({ description: "Needed when EVENT_LOG is kafka", example: "127.0.0.1:9092,127.0.0.1:9093" }),
  TIDINGS_NAMESPACE: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/)
    .default("tidings")
    .meta({
      description: "Begins topics and Redis keys, so that several installations can share them",
      example: "tidings",
    }),
  POSTGRES_POOL: z.coerce
    .number()
    .int()
    .min(2)
    .max(200)
    .default(10)
    .meta({ description: "Most connections of this process to Postgres", example: "10" }),
  LOG_LEVEL: z
    .enum(logLevels)
    .default("info")
    .meta({ description: logLevels.join(", "), example: "info" }),
});
export type PipelineEnv = z.output<typeof pipelineEnv>;

/**
 * The event log that a process's settings choose.
 * @throws {EnvError} when Kafka is chosen and no broker is named
 */
export function eventLogSettings(env: PipelineEnv, clientId: string): EventLogSettings {
  if (env.EVENT_LOG === "redis") return { kind: "redis", redisUrl: env.REDIS_URL, namespace: env.TIDINGS_NAMESPACE };
  if (env.KAFKA_BROKERS.length === 0) {
    throw new EnvError(
      "KAFKA_BROKERS is not set: name the brokers (e.g. KAFKA_BROKERS=127.0.0.1:9092), or set EVENT_LOG=redis.",
      ["KAFKA_BROKERS"],
    );
  }
  return { kind: "kafka", brokers: env.KAFKA_BROKERS, clientId };
}
