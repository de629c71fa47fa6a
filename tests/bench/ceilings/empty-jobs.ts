import { connectRedis } from "@tidings/runtime/redis";
import { Queue, Worker } from "bullmq";
import { answerQuestions, type OwnProcess, startOwnProcess } from "../../load/own-process";

const verbs = { measure };

/** The ceiling of what is queued and goes nowhere: one process that works BullMQ jobs with nothing in them. */
export function startEmptyJobs(): OwnProcess<typeof verbs> {
  return startOwnProcess(new URL(import.meta.url));
}

const queueName = "empty";
const prefix = "{ceiling}";
const perAdd = 1_000;

export interface EmptyJobsSettings {
  redisUrl: string;
  jobs: number;
  concurrency: number;
}

/** @returns jobs a second, all of them added before the first is taken */
async function measure({ redisUrl, jobs, concurrency }: EmptyJobsSettings): Promise<{ perSecond: number }> {
  const redis = connectRedis(redisUrl, () => {});
  const queue = new Queue(queueName, { connection: redis, prefix });
  for (let added = 0; added < jobs; added += perAdd) {
    await queue.addBulk(
      Array.from({ length: Math.min(perAdd, jobs - added) }, () => ({
        name: "empty",
        data: {},
        opts: { removeOnComplete: true },
      })),
    );
  }
  const worker = new Worker(queueName, async () => {}, { connection: redis, prefix, concurrency, autorun: false });
  const finished = new Promise<void>((resolve) => {
    let done = 0;
    worker.on("completed", () => {
      done += 1;
      if (done === jobs) resolve();
    });
  });
  const startedAt = performance.now();
  void worker.run();
  await finished;
  const seconds = (performance.now() - startedAt) / 1_000;
  await worker.close();
  await queue.obliterate({ force: true });
  await queue.close();
  redis.disconnect();
  return { perSecond: jobs / seconds };
}

if (process.send && process.argv[1] === new URL(import.meta.url).pathname) answerQuestions(verbs);
