import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectRedis } from "@tidings/runtime/redis";
import { newUuid, publicId } from "@tidings/shared/ids";
import type { Priority } from "@tidings/shared/priorities";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../../scripts/services/ports.mjs";
import { startRedis } from "../../scripts/services/redis.mjs";
import { removeStateDir } from "../../scripts/services/state-dir.mjs";
import { startCountingSmtp } from "../load/counting-smtp";
import { createLedger } from "../load/ledger";
import type { SinkConduct } from "../load/sink-conduct";
import { type Pipeline, startPipeline, type TestTenant } from "../pipeline/start-pipeline";
import { countOutcome, countUnsettled } from "./count-outcome";

/** A short part of what `npm run faults` plays, with a Redis of its own that may be emptied. */
let pipeline: Pipeline;
let redis: Awaited<ReturnType<typeof startRedis>>;
let dir: string;
const ledger = createLedger();
const conduct: SinkConduct = { now: null };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "tidings-faults-"));
  redis = await startRedis({ dir, port: await freePort(), onProgress: () => {} });
  const { port } = await startCountingSmtp(ledger, conduct);
  const account = { provider: "smtp", config: { host: "127.0.0.1", port, from: "Demo <demo@example.com>" } };
  pipeline = await startPipeline({ PROVIDER_ACCOUNTS: JSON.stringify([account]), REDIS_URL: redis.url });
});
afterAll(async () => {
  await pipeline?.stop();
  await redis?.process.stop();
  removeStateDir(dir);
});

/** @returns the ids of as many accepted mails */
async function acceptMails({ liveKey }: TestTenant, count: number, priorities: readonly Priority[]): Promise<string[]> {
  const notifications = Array.from({ length: count }, (_, index) => ({
    channel: "email",
    priority: priorities[index % priorities.length],
    recipient: { email: `n${index}@example.com` },
    content: { subject: "Hello", text: "Hi" },
  }));
  type Accepted = { data: { id: string }[] };
  const answer = await pipeline.call<Accepted>(liveKey, "POST", "/v1/notifications/batch", { notifications });
  expect(answer.status).toBe(202);
  return answer.body.data.map(({ id }) => id);
}

/** The sweeper's own waits, which other tests cover, are hurried. */
async function unsettledWhenHurried({ id }: TestTenant): Promise<number> {
  await pipeline.database.schedule.updateMany({ where: { tenantId: id }, data: { dueAt: new Date() } });
  return await countUnsettled(pipeline.database, [id]);
}

it("loses nothing when worker and consumer are killed and Redis is emptied, all at once", async () => {
  const tenant = await pipeline.createTenant();
  const { worker, consumer } = pipeline.processes;
  const ids = await acceptMails(tenant, 600, ["critical", "normal", "low"]);
  await expect.poll(() => ledger.report().total, { interval: 5, timeout: 10_000 }).toBeGreaterThan(50);
  await Promise.all([worker.stop("SIGKILL"), consumer.stop("SIGKILL")]);
  const client = connectRedis(redis.url, () => {});
  await client.flushall();
  client.disconnect();
  // What the worker had claimed is free once its lease has run out; that is hurried here, not waited for.
  const held = { tenantId: tenant.id, status: "SENDING" };
  await pipeline.database.delivery.updateMany({ where: held, data: { leaseUntil: new Date() } });
  expect(await countUnsettled(pipeline.database, [tenant.id])).toBeGreaterThan(100); // they were struck with work in hand
  await Promise.all([worker.start(), consumer.start()]);
  await expect.poll(() => unsettledWhenHurried(tenant), { interval: 200, timeout: 45_000 }).toBe(0);

  const outcome = await countOutcome(pipeline.database, [tenant.id], ids, ledger.report());
  expect(outcome).toMatchObject({ accepted: 600, lost: 0, stuck: 0, unexplained: 0, miscounted: 0 });
  expect(outcome.arrived + outcome.declared).toBe(600);
  expect(outcome.declared).toBeLessThanOrEqual(outcome.cutOff);
  const invented = publicId("notification", newUuid());
  await pipeline.database.usage.updateMany({ where: { tenantId: tenant.id, sent: { gt: 0 } }, data: { units: 1 } });
  const blind = await countOutcome(pipeline.database, [tenant.id], [...ids, invented], ledger.report());
  expect(blind).toMatchObject({ lost: 1, miscounted: 1 }); // the counts do see what is missing, and what is wrong
}, 70_000);

it("sends what matters again when a provider took it and died, and never doubles bulk", async () => {
  const tenant = await pipeline.createTenant();
  conduct.now = "die";
  const ids = await acceptMails(tenant, 20, ["critical", "low"]);
  await expect.poll(() => ledger.report().unanswered.length, { interval: 5 }).toBeGreaterThanOrEqual(20);
  conduct.now = null;
  await expect.poll(() => unsettledWhenHurried(tenant), { interval: 50, timeout: 15_000 }).toBe(0);
  const outcome = await countOutcome(pipeline.database, [tenant.id], ids, ledger.report());
  expect(outcome).toMatchObject({ accepted: 20, arrived: 20, doubled: 10, cutOff: 20, unexplained: 0 });
  const where = { tenantId: tenant.id, status: "UNKNOWN", priority: 3 };
  expect(await pipeline.database.delivery.count({ where })).toBe(10);
});
