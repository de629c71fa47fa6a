import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** From a Postgres commit on an idle machine to a delivery that waited behind a minute's flood. */
const stageBucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * The metrics of one process, in a registry of its own, beside Node's own (`process_…`, `nodejs_…`).
 * A stage counts what it did; gauges are set by a sampler that runs at each scrape.
 * @param options.process names the process in the label `process` of every metric
 */
export function createMetrics(options: { process: string }) {
  const registry = new Registry();
  registry.setDefaultLabels({ process: options.process });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const samplers: (() => Promise<void> | void)[] = [];
  const sampleFailures = new Counter({
    name: "tidings_sample_failures_total",
    help: "Gauges that could not be read at a scrape and kept their last value",
    registers,
  });

  return {
    registry,
    accepted: new Counter({ name: "tidings_accepted_total", help: "Notifications made durable", registers }),
    published: new Counter({ name: "tidings_published_total", help: "Notifications put on the event log", registers }),
    routed: new Counter({ name: "tidings_routed_total", help: "Notifications routed to deliveries", registers }),
    unreachable: new Counter({
      name: "tidings_unreachable_total",
      help: "Notifications that failed because nobody could be reached",
      registers,
    }),
    deadLetters: new Counter({
      name: "tidings_dead_letters_total",
      help: "Messages that could not be read or routed",
      registers,
    }),
    admitted: new Counter({
      name: "tidings_admitted_total",
      help: "Deliveries the fair queue let through",
      labelNames: ["channel"],
      registers,
    }),
    attempted: new Counter({
      name: "tidings_attempted_total",
      help: "Attempts at a provider by their outcome",
      labelNames: ["channel", "provider", "outcome"],
      registers,
    }),
    failedOver: new Counter({
      name: "tidings_failed_over_total",
      help: "Attempts that another provider account took over at once, by the provider that failed",
      labelNames: ["channel", "provider"],
      registers,
    }),
    circuitTurned: new Counter({
      name: "tidings_circuit_turned_total",
      help: "Circuits of provider accounts that opened, became half-open or closed",
      labelNames: ["circuit"],
      registers,
    }),
    reportAttempted: new Counter({
      name: "tidings_report_attempted_total",
      help: "Attempts at a tenant's endpoint by their outcome",
      labelNames: ["outcome"],
      registers,
    }),
    receiptCalls: new Counter({
      name: "tidings_receipt_calls_total",
      help: "Calls of providers at the receipts' door by what came of them",
      labelNames: ["provider", "outcome"],
      registers,
    }),
    outcome: new Counter({
      name: "tidings_outcome_total",
      help: "Deliveries by the status they moved to",
      labelNames: ["channel", "status"],
      registers,
    }),
    swept: new Counter({
      name: "tidings_swept_total",
      help: "Notifications and deliveries put back on their way by the sweeper",
      labelNames: ["reason"],
      registers,
    }),
    partitionsDropped: new Counter({
      name: "tidings_partitions_dropped_total",
      help: "Weeks of notifications, deliveries and attempts dropped because they are older than the retention",
      registers,
    }),
    retentionDeleted: new Counter({
      name: "tidings_retention_deleted_total",
      help: "Rows deleted because they are older than the retention of their tenant's plan",
      labelNames: ["table"],
      registers,
    }),
    lag: new Gauge({
      name: "tidings_event_log_lag",
      help: "Messages published and not yet committed by the consumer group",
      labelNames: ["topic"],
      registers,
    }),
    routingHeld: new Gauge({
      name: "tidings_routing_held",
      help: "1 while nothing new is routed because Redis is nearly full",
      registers,
    }),
    fairQueueWaiting: new Gauge({
      name: "tidings_fair_queue_waiting",
      help: "Deliveries that wait to be admitted",
      labelNames: ["channel"],
      registers,
    }),
    queueDepth: new Gauge({
      name: "tidings_queue_depth",
      help: "Deliveries admitted and not yet done with: with a worker, or next to be",
      labelNames: ["channel", "lane"],
      registers,
    }),
    batcherWaiting: new Gauge({
      name: "tidings_batcher_waiting",
      help: "Items waiting for the next flush of a batcher",
      labelNames: ["batcher"],
      registers,
    }),
    /** `stage.observe({ stage: "accept" }, seconds)` */
    stageSeconds: new Histogram({
      name: "tidings_stage_seconds",
      help: "Time one item or one batch spends in a stage",
      labelNames: ["stage"],
      buckets: stageBucketsSeconds,
      registers,
    }),

    /** Registers what sets gauges; it runs at each scrape, and one that fails is counted and spoils nothing else. */
    sample(sampler: () => Promise<void> | void): void {
      samplers.push(sampler);
    },

    /** Everything in Prometheus' text format, with the content type to answer it under. */
    async scrape(): Promise<{ contentType: string; body: string }> {
      const sampled = await Promise.allSettled(samplers.map(async (sampler) => sampler()));
      sampleFailures.inc(sampled.filter(({ status }) => status === "rejected").length);
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}
