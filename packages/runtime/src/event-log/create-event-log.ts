import type { Logger } from "../logger";
import type { EventLog } from "./event-log";
import { createKafkaEventLog } from "./kafka";
import { createRedisEventLog } from "./redis";

export type EventLogSettings =
  | {
      kind: "kafka";
      /** `host:port` of some brokers. */
      brokers: readonly string[];
      /** Names this process in the brokers' logs. */
      clientId: string;
    }
  | {
      kind: "redis";
      redisUrl: string;
      /** Begins the name of every key. */
      namespace: string;
    };

/** The event log of the kind a deployment has chosen. */
export function createEventLog(settings: EventLogSettings, logger: Logger): EventLog {
  return settings.kind === "kafka"
    ? createKafkaEventLog({ ...settings, logger })
    : createRedisEventLog({ ...settings, logger });
}
