import { setTimeout as sleep } from "node:timers/promises";
import { uuidTimeMs } from "@tidings/shared/ids";
import type { Supervised } from "../../../scripts/services/supervise.mjs";
import type { System } from "../../load/system";
import type { Fault, Posting, ProbeAnswer, Scene } from "../fault";
import { between } from "../random";
import { crash, throughout } from "../take-away";

const skewMs = 10 * 60_000;
/** How long APIs whose clocks are wrong are posted to, in seconds, and when they are killed meanwhile, in milliseconds. */
const postSeconds = 14;
const linesOfEach = 4;
const [earliestKillMs, latestKillMs] = [2_000, 5_000];
/** How far ahead schedules are, and how late one may be taken up by a sweeper that has the machine to share. */
const scheduledInMs = 4_000;
const lateMs = 10_000;
const preload = new URL("../shift-clock.mjs", import.meta.url).href;

/** Leases, waits and schedules go by the database's clock: a machine whose own is wrong takes nobody's work, and keeps none. */
export const clockFaults: readonly Fault[] = [
  {
    name: "clock-skewed",
    does: "Workers ten minutes ahead and behind join; then those whose clock is right are killed",
    lastsSeconds: 8,
    mayDouble: true,
    async strike({ system: { stack }, random }) {
      const skewed = await Promise.all([
        stack.startAnother("worker", "worker-ahead", clockShiftedBy(skewMs)),
        stack.startAnother("worker", "worker-behind", clockShiftedBy(-skewMs)),
      ]);
      await sleep(2_000 + random() * 2_000);
      for (const right of [stack.processes.worker, stack.processes.urgentWorker]) crash(right);
      await sleep(3_000);
      await Promise.all(skewed.map((worker) => worker.stop()));
    },
  },
  {
    name: "api-clock-skewed",
    does: "APIs ten minutes ahead and behind take requests too, for now and for later, and are killed (-9) as they do",
    lastsSeconds: 20,
    async strike(scene) {
      const { stack } = scene.system;
      const skewed = await Promise.all([
        stack.startAnother("api", "api-ahead", clockShiftedBy(skewMs)),
        stack.startAnother("api", "api-behind", clockShiftedBy(-skewMs)),
      ]);
      const answers = await Promise.all(skewed.map((api) => postWhileKilled(scene, api)));
      await Promise.all(skewed.map((api) => api.stop()));
      const [ahead, behind] = answers as [Answers, Answers];
      for (const now of [ahead.now, behind.now]) expectAnswers(now, 202);
      expectAnswers(behind.later, 202);
      expectAnswers(ahead.later, 422); // past by its clock: refused, and not sent at once
    },
    verify: expectRightTimes,
  },
];

interface Answers {
  now: ProbeAnswer[];
  later: ProbeAnswer[];
}

/** Posts to an API, for now and for a little later, with a kill between. */
async function postWhileKilled({ post, random }: Scene, api: Supervised & { url: string }): Promise<Answers> {
  const answers: Answers = { now: [], later: [] };
  const posting = (into: ProbeAnswer[], how: () => Posting) =>
    throughout(postSeconds, 50, async () => into.push(await post({ apiUrl: api.url, ...how() })));
  const lines = Array.from({ length: linesOfEach }, () => [
    posting(answers.now, () => ({})),
    posting(answers.later, () => ({ sendAt: new Date(Date.now() + scheduledInMs) })),
  ]).flat();
  await sleep(between(random, earliestKillMs, latestKillMs));
  crash(api);
  await Promise.all(lines);
  return answers;
}

/** Nothing but this is answered, and nothing at all only while the API is down. */
function expectAnswers(answers: readonly ProbeAnswer[], expected: number): void {
  const strange = answers.find(({ status }) => status !== expected && status !== 0);
  if (strange) throw new Error(`an API whose clock is wrong answered ${strange.status} ${strange.code}`);
  if (!answers.some(({ status }) => status === expected)) throw new Error(`no request was answered ${expected}`);
}

/** What a wrong clock wrote into ids is nowhere else: rows have the right time, and what is scheduled is taken up at its time. */
async function expectRightTimes({ database }: System, tenantIds: string[]): Promise<string> {
  const where = { tenantId: { in: tenantIds } };
  const [rows, deliveries] = await Promise.all([
    database.notification.findMany({ where, select: { id: true, createdAt: true, sendAt: true } }),
    database.delivery.findMany({ where, select: { notificationId: true, createdAt: true } }),
  ]);
  const offMs = rows.map(({ id, createdAt }) => uuidTimeMs(id) - createdAt.getTime());
  const [ahead, behind] = [offMs.filter((ms) => ms > skewMs / 2), offMs.filter((ms) => ms < -skewMs / 2)];
  const wrong = rows.filter(({ createdAt }) => Math.abs(Date.now() - createdAt.getTime()) > skewMs / 2);
  if (ahead.length === 0 || behind.length === 0 || wrong.length > 0)
    throw new Error(`${ahead.length} ids ahead, ${behind.length} behind, ${wrong.length} rows with a wrong time`);
  const dueMs = new Map(rows.map(({ id, sendAt }) => [id, sendAt?.getTime()]));
  const waits = deliveries.flatMap(({ notificationId, createdAt }) => {
    const due = dueMs.get(notificationId);
    return due === undefined ? [] : [createdAt.getTime() - due];
  });
  const [soonest, latest] = [Math.min(...waits), Math.max(...waits)];
  if (soonest < 0 || latest > lateMs)
    throw new Error(`schedules were taken up ${soonest} to ${latest} ms after their time`);
  return `${ahead.length} ids were made ten minutes ahead, ${behind.length} behind; ${waits.length} schedules were taken up ${soonest} to ${latest} ms after their time`;
}

function clockShiftedBy(ms: number): NodeJS.ProcessEnv {
  return { NODE_OPTIONS: `--import ${preload}`, SHIFT_CLOCK_MS: String(ms) };
}
