import { setTimeout as sleep } from "node:timers/promises";
import { topicsOf } from "@tidings/core/pipeline/topics";
import { createEventLog } from "@tidings/runtime/event-log/create-event-log";
import { createLogger } from "@tidings/runtime/logger";
import type { System } from "../../load/system";
import type { Fault } from "../fault";
import { crash, ours, throughout, without } from "../take-away";

const goneSeconds = 30;
/** Longer than a member of the group may be silent, 10 s. */
const pausedSeconds = 15;
/** By then another member has its partitions and has worked off what waited in them, also on a machine that is busy. */
const takenOverWithinSeconds = 40;
/** Waiting for so long is waiting for a consumer that is not there. */
const lateSeconds = 5;
const poison = ["{ not json", '{"id":"not-a-uuid"}', ""];

/** The event log carries what Postgres knows: while it is away rows wait, and what it repeats is fenced off. */
export const eventLogFaults: readonly Fault[] = [
  {
    name: "kafka-restarted",
    does: "kill -9 of Kafka, which is restarted",
    unplayable: whyNoKafka,
    strike: async ({ system }) => crash(kafkaOf(system)),
  },
  {
    name: "kafka-gone",
    does: `kill -9 of Kafka, which stays away for ${goneSeconds} s: the API goes on answering 202`,
    lastsSeconds: goneSeconds,
    unplayable: whyNoKafka,
    strike: ({ system, post }) =>
      without(kafkaOf(system), () =>
        throughout(goneSeconds, 500, async () => {
          const { status } = await post();
          if (status !== 202) throw new Error(`a request was answered ${status} while Kafka was away`);
        }),
      ),
  },
  {
    name: "consumer-zombie",
    does: `The consumer is stopped for ${pausedSeconds} s, longer than its session lives; another takes over; it comes back`,
    lastsSeconds: pausedSeconds,
    async strike({ system }) {
      const { consumer } = system.stack.processes;
      const second = await system.stack.startAnother("consumer", "consumer-2");
      consumer.kill("SIGSTOP");
      await sleep(pausedSeconds * 1_000);
      const deadlineMs = Date.now() + (takenOverWithinSeconds - pausedSeconds) * 1_000;
      let late = await countLate(system);
      while (late > 0 && Date.now() < deadlineMs) {
        await sleep(500);
        late = await countLate(system);
      }
      consumer.kill("SIGCONT");
      await sleep(2_000); // both at work
      await second.stop();
      if (late > 0) throw new Error(`${late} waited for a consumer that was stopped: nobody took over`);
    },
  },
  {
    name: "poison-message",
    does: "Messages that nobody can read are published: they become dead letters, everything else flows",
    async strike({ system }) {
      const { direct: topic } = topicsOf(system.stack.env.TIDINGS_NAMESPACE as string);
      const deadLetters = () => system.database.deadLetter.count({ where: { topic } });
      const before = await deadLetters();
      await publish(
        system,
        poison.map((value, index) => ({ topic, key: `poison-${index}`, value })),
      );
      const deadline = Date.now() + 10_000;
      while ((await deadLetters()) - before < poison.length && Date.now() < deadline) await sleep(100);
      const found = (await deadLetters()) - before;
      if (found !== poison.length) throw new Error(`${poison.length} poison messages became ${found} dead letters`);
    },
  },
];

/** Notifications that no consumer has taken up for longer than it takes. */
async function countLate({ database }: System): Promise<number> {
  const [row] = await database.$queryRaw<[{ late: number }]>`
    SELECT count(*)::int AS late FROM notification
    WHERE status = 'PENDING' AND created_at < now() - ${lateSeconds} * interval '1 second'`;
  return row.late;
}

function kafkaOf({ stack }: System) {
  return ours(stack.services.kafka, "Kafka");
}

function whyNoKafka({ stack }: System): string | null {
  return stack.services.kafka ? null : "this script runs no Kafka here";
}

async function publish({ stack }: System, messages: readonly { topic: string; key: string; value: string }[]) {
  const { kafkaBrokers, redisUrl } = stack.connection;
  const namespace = stack.env.TIDINGS_NAMESPACE as string;
  const eventLog = createEventLog(
    kafkaBrokers
      ? { kind: "kafka", brokers: kafkaBrokers.split(","), clientId: "tidings-faults" }
      : { kind: "redis", redisUrl, namespace },
    createLogger({ name: "tidings-faults", level: "silent" }),
  );
  await eventLog.publish(messages);
  await eventLog.close();
}
