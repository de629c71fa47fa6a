import { createLogger, type Logger } from "@tidings/runtime/logger";
import { env } from "../env";
import type { ProcessUrls } from "./status/read-system-status";

/** What procedures are given. */
export interface Context {
  log: Logger;
  processUrls: ProcessUrls;
}

let context: Context | undefined;

/** The context of a request: nothing in it is a caller's own, so one serves all. */
export function createContext(): Context {
  context ??= makeContext();
  return context;
}

function makeContext(): Context {
  const { API_URL, API_HEALTH_URL, CONSUMER_HEALTH_URL, WORKER_HEALTH_URL, URGENT_WORKER_HEALTH_URL, LOG_LEVEL } =
    env();
  return {
    log: createLogger({ name: "tidings-web", level: LOG_LEVEL }),
    processUrls: {
      api: API_HEALTH_URL ?? API_URL,
      consumer: CONSUMER_HEALTH_URL,
      worker: WORKER_HEALTH_URL,
      ...(URGENT_WORKER_HEALTH_URL && { urgentWorker: URGENT_WORKER_HEALTH_URL }),
    },
  };
}
