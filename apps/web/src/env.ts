import { logLevels } from "@tidings/runtime/logger";
import { readEnv } from "@tidings/runtime/read-env";
import { z } from "zod";

/** An address others are appended to, so without the slash at its end. */
const baseUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));

const schema = z.object({
  API_URL: baseUrl.meta({
    description: "the API's address as its callers see it",
    example: "http://localhost:4000",
  }),
  API_HEALTH_URL: baseUrl.optional().meta({
    description: "the API's address as this process reaches it, when that is another",
    example: "http://api:4000",
  }),
  CONSUMER_HEALTH_URL: baseUrl.meta({
    description: "where the consumer answers /readyz",
    example: "http://localhost:4001",
  }),
  WORKER_HEALTH_URL: baseUrl.meta({ description: "where a worker answers /readyz", example: "http://localhost:4002" }),
  URGENT_WORKER_HEALTH_URL: baseUrl.optional().meta({
    description: "where a worker for critical deliveries answers /readyz, when there is one apart",
    example: "http://localhost:4003",
  }),
  MAILBOX_URL: baseUrl.optional().meta({ description: "the local mailbox's page, where there is one" }),
  LOG_LEVEL: z.enum(logLevels).default("info"),
});

type Env = z.output<typeof schema>;

let read: Env | undefined;

/**
 * The settings of this process. Read on first use, never while building: one build serves every environment.
 * @throws {EnvError} naming each variable that is wrong
 */
export function env(): Env {
  read ??= readEnv(schema, process.env);
  return read;
}

/** Whether `next dev` runs this; settled when it is built. */
export const isDevelopment = process.env.NODE_ENV === "development";
