import type { System } from "../load/system";

/** Whom to watch of a system: our processes, the services, and what the measurement itself costs. */
export function pidsOf({ stack, generator, sink }: System): Record<string, () => number | undefined> {
  const { api, consumer, worker, urgentWorker } = stack.processes;
  const { postgres, redis, kafka } = stack.services;
  return {
    api: api.pid,
    consumer: consumer.pid,
    worker: worker.pid,
    "urgent worker": urgentWorker.pid,
    postgres: () => postgres?.pid(),
    redis: () => redis?.pid(),
    kafka: () => kafka?.pid(),
    generator: () => generator.pid,
    sink: () => sink.pid,
  };
}
