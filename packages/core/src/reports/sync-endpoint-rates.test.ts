import { randomUUID } from "node:crypto";
import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createFairQueue } from "@tidings/runtime/fair-queue";
import { connectRedis } from "@tidings/runtime/redis";
import { newUuid } from "@tidings/shared/ids";
import { createTestDatabase, testRedisUrl } from "@tidings/tests/setup/test-services";
import { afterAll, beforeEach, expect, it } from "vitest";
import { reportEntry, reportQueue } from "./queue-reports";
import { syncEndpointRates } from "./sync-endpoint-rates";
import { storeEndpoint } from "./testing/stored-reports";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 2, applicationName: "test" });
const redis = connectRedis(await testRedisUrl(), () => {});
afterAll(async () => {
  redis.disconnect();
  await database.$disconnect();
});

let fair: ReturnType<typeof createFairQueue>;
let tenantId: string;
let limited: string;
let free: string;
beforeEach(async () => {
  fair = createFairQueue(redis, `test-${randomUUID()}`, reportQueue);
  tenantId = (await createTestTenant(database)).id;
  limited = (await storeEndpoint(database, tenantId)).id;
  free = (await storeEndpoint(database, tenantId)).id;
  await change({ perSecond: 0.001 });
});

const change = (data: { perSecond?: number | null; enabled?: boolean }) =>
  database.endpoint.update({ where: { id: limited }, data });

/** How many of ten reports to each endpoint are let through at once. */
async function admitted(): Promise<{ limited: number; free: number }> {
  await fair.push([limited, free].flatMap((endpointId) => Array.from({ length: 10 }, () => entry(endpointId))));
  const { groups } = await fair.admit({ urgent: 1_000, others: 1_000 }, 60_000);
  const owners = groups.flatMap(({ entries }) => entries.map((one) => one.tenantId));
  return { limited: owners.filter((id) => id === limited).length, free: owners.filter((id) => id === free).length };
}
const entry = (endpointId: string) => reportEntry({ id: newUuid(), endpointId });

it("lets no more reports through to an endpoint than it takes a second, and the others alone", async () => {
  await syncEndpointRates({ database, fair });
  expect(await admitted()).toEqual({ limited: 1, free: 10 });
});

it("allows a second's worth at once", async () => {
  await change({ perSecond: 3.2 });
  await syncEndpointRates({ database, fair });
  expect((await admitted()).limited).toBe(4);
});

it.each([
  ["that was taken away", { perSecond: null }],
  ["of an endpoint that was disabled", { enabled: false }],
])("lifts a rate %s", async (_, data) => {
  const before = await syncEndpointRates({ database, fair });
  await change(data);
  await syncEndpointRates({ database, fair }, before);
  expect((await admitted()).limited).toBe(10);
});
