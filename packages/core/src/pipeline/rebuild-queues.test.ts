import { randomUUID } from "node:crypto";
import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { createQueueEpoch } from "@tidings/runtime/queue-epoch";
import { connectRedis, type Redis } from "@tidings/runtime/redis";
import { firstUuidAt, newUuid } from "@tidings/shared/ids";
import { createTestDatabase, testRedisUrl } from "@tidings/tests/setup/test-services";
import { afterEach, beforeEach, expect, it } from "vitest";
import { reportQueue } from "../reports/queue-reports";
import { type ChannelQueues, createEnqueue } from "./enqueue";
import { findLost } from "./find-lost";
import { openChannelQueues } from "./open-channel-queues";
import { createSweep } from "./sweep";

let database: Database;
let redis: Redis;
let namespace: string;
let queues: ReadonlyMap<string, ChannelQueues>;
let metrics: ReturnType<typeof createMetrics>;
let tenantId: string;
let ticks: number;
let stops: (() => Promise<void>)[];
const endpointId = newUuid();

beforeEach(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 8, applicationName: "test" });
  redis = connectRedis(await testRedisUrl(), () => {});
  namespace = `test-${randomUUID()}`;
  queues = openChannelQueues(redis, namespace, ["email", reportQueue]);
  metrics = createMetrics({ process: "test" });
  tenantId = (await createTestTenant(database)).id;
  [ticks, stops] = [0, []];
});
afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()));
  await Promise.all([...queues.values()].map(({ deliveries }) => deliveries.close()));
  redis.disconnect();
  await database.$disconnect();
});

/** One of the processes that sweep. */
function startSweep(): () => Promise<void> {
  const stopping = new AbortController();
  const logger = createLogger({ name: "test", level: "silent" });
  const epoch = createQueueEpoch(redis, namespace);
  const running = createSweep({
    database,
    publish: async () => true,
    findLost: (deliveries) => findLost(queues, deliveries),
    enqueue: createEnqueue({ queues, logger, metrics }).push,
    withSenders: async (deliveries) => [...deliveries],
    epoch: {
      ...epoch,
      async isGone() {
        ticks += 1;
        return await epoch.isGone();
      },
    },
    logger,
    metrics,
  }).run(stopping.signal);
  const stop = async () => {
    stopping.abort();
    await running;
  };
  stops.push(stop);
  return stop;
}

/** An id like a notification's of a minute ago: the n-th. */
const idOf = (n: number, end = "00000000") =>
  `${firstUuidAt(minuteAgo).slice(0, 14)}7000-8000-${n.toString(16).padStart(4, "0")}${end}`;
const minuteAgo = Date.now() - 60_000;

/** Notifications that are being processed, each with a delivery that waits: queued, for another attempt, or with a worker. */
async function storeWaiting(count: number): Promise<void> {
  const beginning = idOf(0).slice(0, 24);
  await database.$executeRaw`
    INSERT INTO notification
      (id, tenant_id, mode, status, priority, bulk, addresses, channels, request_id, created_at)
    SELECT (${beginning} || lpad(to_hex(i), 4, '0') || '00000000')::uuid, ${tenantId}::uuid, 'test', 'PROCESSING', 2, false,
      '{}', '{email}', 'r', now() - interval '1 minute' FROM generate_series(1, ${count}::int) AS i`;
  await database.$executeRaw`
    INSERT INTO delivery (id, tenant_id, mode, notification_id, channel, address, status, priority, siblings,
      next_attempt_at, lease_until, created_at)
    SELECT (left(id::text, 28) || '00000001')::uuid, tenant_id, mode, id, 'email', 'ann@example.com',
      (ARRAY['QUEUED', 'QUEUED', 'SENDING'])[row_number() OVER () % 3 + 1], priority, 1,
      CASE row_number() OVER () % 3 WHEN 1 THEN now() + interval '5 minutes' END,
      CASE row_number() OVER () % 3 WHEN 2 THEN now() + interval '20 seconds' END, created_at FROM notification`;
}

async function storeReports(count: number): Promise<void> {
  await database.$executeRaw`
    INSERT INTO report (id, tenant_id, endpoint_id, mode, type, facts)
    SELECT (${idOf(0).slice(0, 24)} || lpad(to_hex(i), 12, '0'))::uuid, ${tenantId}::uuid, ${endpointId}::uuid, 'test',
      'test.ping', '{}' FROM generate_series(1, ${count}::int) AS i`;
}

const depthOf = (channel: string, owner: string) => queues.get(channel)?.fair.depth(owner);
const rebuildMarks = () => database.sweepMark.findMany({ where: { name: { startsWith: "rebuild." } } });
const swept = async (reason: string) =>
  (await metrics.swept.get()).values.find(({ labels }) => labels.reason === reason)?.value;

/** All that stands in a line, in order. */
async function claimable(channel: string): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const { groups } = (await queues.get(channel)?.fair.admit({ urgent: 0, others: 100_000 }, 60_000)) ?? {
      groups: [],
    };
    if (groups.length === 0) return ids;
    ids.push(...groups.flatMap(({ entries }) => entries.map(({ id }) => id)));
  }
}

it("puts everything that waited in line again, once, whoever sweeps and however long the line", async () => {
  await storeWaiting(25_000);
  await storeReports(3_000);
  const stopFirst = startSweep();
  startSweep();
  await expect.poll(() => depthOf("email", tenantId), { timeout: 8_000, interval: 20 }).toBeGreaterThan(10_000);
  await stopFirst(); // what it has begun, the other goes on with
  await expect.poll(() => depthOf("email", tenantId), { timeout: 8_000 }).toBe(25_000);
  await expect.poll(() => depthOf(reportQueue, endpointId), { timeout: 8_000 }).toBe(3_000);
  expect(ticks).toBeLessThan(60);
  expect(await swept("queues_emptied")).toBe(1);
  expect(await swept("queue_entry_lost")).toBe(25_000);
  expect(await swept("report_lost")).toBe(3_000);
  const all = Array.from({ length: 25_000 }, (_, index) => idOf(index + 1, "00000001"));
  expect(await claimable("email")).toEqual(all); // in the order in which they were accepted
  expect(new Set(await claimable(reportQueue)).size).toBe(3_000);
}, 20_000);

it("goes on where another process stopped, and comes to an end; what is due and not before it is looked for meanwhile", async () => {
  await storeWaiting(20);
  await database.delivery.updateMany({ data: { status: "QUEUED", nextAttemptAt: null } });
  await database.$executeRaw`
    INSERT INTO schedule (notification_id, tenant_id, due_at) SELECT id, tenant_id, created_at FROM notification`;
  await createQueueEpoch(redis, namespace).begin();
  const marks = { until: idOf(15), notification: idOf(5), report: idOf(0) };
  await database.sweepMark.createMany({
    data: Object.entries(marks).map(([name, position]) => ({ name: `rebuild.${name}`, position })),
  });
  startSweep();
  await expect.poll(rebuildMarks, { timeout: 5_000 }).toEqual([]);
  const deliveries = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, index) => idOf(first + index, "00000001"));
  const queued = await claimable("email");
  expect(queued.slice(0, 10).toSorted()).toEqual([...deliveries(1, 5), ...deliveries(16, 20)]);
  expect(queued.slice(10)).toEqual(deliveries(6, 15));
});

it("begins anew when the queues are emptied once more", async () => {
  await storeWaiting(20);
  startSweep();
  await expect.poll(() => depthOf("email", tenantId), { timeout: 5_000 }).toBe(20);
  const keys = await redis.keys(`{${namespace}*`);
  const erasing = redis.multi();
  for (const key of keys) erasing.del(key);
  await erasing.exec();
  await expect.poll(() => depthOf("email", tenantId), { timeout: 5_000 }).toBe(20);
  expect(await swept("queues_emptied")).toBe(2);
});
