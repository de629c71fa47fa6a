import type { Mode } from "@tidings/shared/modes";
import { oneTimeCodeBodies } from "../load/one-time-code";
import { type System, startSystem } from "../load/system";
import { startBacklog } from "./backlog";
import { type BenchOptions, defineBench, type Figure } from "./bench";
import { startBareMailer } from "./ceilings/bare-mailer";
import { startBareWebhooks } from "./ceilings/bare-webhooks";
import { startEmptyJobs } from "./ceilings/empty-jobs";
import { describeStores } from "./describe-stores";
import { createRunner } from "./find-highest-rate";
import { findSustainedRate } from "./find-sustained-rate";
import { memoryFigures } from "./memory-figures";
import { pidsOf } from "./pids-of";
import { watchCosts } from "./process-costs";
import { count, mustComeOutEven, waitUntilSettled } from "./settle";

const tenants = 10;
const perRequest = 100;
const connections = 16;
const emptyJobs = 50_000;
/** Jobs that the ceiling works at once. */
const atOnce = 100;

/** One way through the whole pipeline. */
interface Way {
  name: string;
  mode: Mode;
  body(system: System): string;
  /** Whether it ends at the sink; the others end in Postgres. */
  hasReceiver: boolean;
  ceiling: { what: string; measure(system: System, seconds: number): Promise<number> };
  promise: { perSecond?: number; ratio: number };
}

const emptyJobsCeiling: Way["ceiling"] = {
  what: "BullMQ, empty jobs",
  async measure({ stack }) {
    const ceiling = startEmptyJobs();
    try {
      const { redisUrl } = stack.connection;
      return (await ceiling.ask("measure", { redisUrl, jobs: emptyJobs, concurrency: atOnce })).perSecond;
    } finally {
      await ceiling.stop();
    }
  },
};

const bareMailerCeiling: Way["ceiling"] = {
  what: "a bare nodemailer pool",
  async measure({ sink }, seconds) {
    const ceiling = startBareMailer();
    try {
      const settings = { port: sink.smtpPort, seconds, maxConnections: 10, atOnce };
      return (await ceiling.ask("measure", settings)).perSecond;
    } finally {
      await ceiling.stop();
      await sink.ask("clear");
    }
  },
};

const bareWebhooksCeiling: Way["ceiling"] = {
  what: "bare undici, signing",
  async measure({ sink }, seconds) {
    const ceiling = startBareWebhooks();
    try {
      return (await ceiling.ask("measure", { port: sink.httpPort, seconds, connections: 64, atOnce })).perSecond;
    } finally {
      await ceiling.stop();
      await sink.ask("clear");
    }
  },
};

const ways: readonly Way[] = [
  {
    name: "sandbox",
    mode: "test",
    body: () => oneTimeCodeBodies.email,
    hasReceiver: false,
    ceiling: emptyJobsCeiling,
    promise: { perSecond: 4_000, ratio: 0.3 },
  },
  {
    name: "in-app",
    mode: "live",
    body: () => oneTimeCodeBodies.in_app,
    hasReceiver: false,
    ceiling: emptyJobsCeiling,
    promise: { perSecond: 4_000, ratio: 0.3 },
  },
  {
    name: "email",
    mode: "live",
    body: () => oneTimeCodeBodies.email,
    hasReceiver: true,
    ceiling: bareMailerCeiling,
    promise: { ratio: 0.75 },
  },
  {
    name: "webhook",
    mode: "live",
    body: ({ sink }) => oneTimeCodeBodies.webhook(sink.httpPort),
    hasReceiver: true,
    ceiling: bareWebhooksCeiling,
    promise: { perSecond: 2_500, ratio: 0.12 },
  },
];

export const e2e = defineBench({
  name: "e2e",
  summary: "end to end through the batch endpoint, the highest rate that is sustained, every id exactly once",
  async run(options) {
    const figures: Figure[] = [];
    const costs: Record<string, Awaited<ReturnType<typeof measure>>["costs"]> = {};
    let stores = {};
    // A system of its own for each, so that none pays for what another has stored.
    for (const way of ways) {
      const measured = await measure(way, options);
      figures.push(figureOf(way, measured));
      costs[way.name] = measured.costs;
      stores = measured.stores;
    }
    const { seconds, secondsPerTry } = lengths(options.scale);
    return {
      figures: [...figures, ...memoryFigures(costs)],
      costs,
      settings: { ...stores, tenants, perRequest, connections, seconds, secondsPerTry, emptyJobs },
    };
  },
});

function lengths(scale: number) {
  return { seconds: 60 * scale, secondsPerTry: 12 * scale };
}

async function measure(way: Way, { eventLog, scale, say }: BenchOptions) {
  say(`${way.name}: starting`);
  const system = await startSystem({ name: "bench", ...(eventLog && { eventLog }), onProgress: () => {} });
  try {
    const stores = await describeStores(system);
    const ceiling = await way.ceiling.measure(system, 10 * scale);
    say(`${way.name}: ${way.ceiling.what}, ${Math.round(ceiling)}/s`);
    const keys = (await system.createTenants(tenants, way.mode)).map(({ key }) => key);
    const { perSecond, costs, results } = await findSustainedRate({
      ...lengths(scale),
      run: createRunner(system.generator, {
        port: system.apiPort,
        keys,
        bodies: [way.body(system)],
        perRequest,
        hasIdempotencyKeys: false,
        connections,
      }),
      backlog: await startBacklog(system),
      watch: () => watchCosts(pidsOf(system)),
      say,
    });
    await waitUntilSettled(system, { say });
    const ids = results.flatMap(({ accepted }) => accepted.ids);
    mustComeOutEven(await count(system, ids, way.hasReceiver));
    return { perSecond, ceiling, costs, stores };
  } finally {
    await system.stop();
  }
}

function figureOf(
  { name, ceiling: { what }, promise }: Way,
  { perSecond, ceiling }: { perSecond: number; ceiling: number },
): Figure {
  const least = promise.perSecond ?? 0;
  const ratioText = `≥ ${promise.ratio} of the ceiling`;
  return {
    what: `${name}, sustained`,
    value: perSecond,
    unit: "/s",
    ceiling: { what, value: ceiling },
    promise: {
      text: least > 0 ? `≥ ${least.toLocaleString("en")}/s and ${ratioText}` : ratioText,
      isKept: perSecond >= least && perSecond / ceiling >= promise.ratio,
    },
  };
}
