import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EndpointMeasure, measureEndpoints } from "./measure-endpoints";

let database: Database;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 2, applicationName: "test" });
});
afterAll(() => database?.$disconnect());

const soon = () => new Date(Date.now() + 60_000);
const day = () => [[Date.now() - 86_400_000, Date.now() + 1_000]] as const;
const nothing = { span: 0, delivered: 0, failed: 0, retrying: 0, waiting: 0, isSampled: false };

async function reportsOf(tenantId: string, ...reports: { status: string; attempts?: number; leaseUntil?: Date }[]) {
  const endpointId = newUuid();
  for (const report of reports)
    await database.report.create({
      data: { tenantId, mode: "live", endpointId, type: "test.ping", facts: {}, ...report },
    });
  return endpointId;
}

test("tells what was delivered, given up, tried in vain and not tried, each endpoint by itself", async () => {
  const { id: tenantId } = await createTestTenant(database);
  const busy = await reportsOf(
    tenantId,
    { status: "DELIVERED", attempts: 1 },
    { status: "DELIVERED", attempts: 3 },
    { status: "FAILED", attempts: 8 },
    { status: "PENDING", attempts: 2 },
    { status: "PENDING", attempts: 1, leaseUntil: soon() },
    { status: "PENDING" },
  );
  const quiet = newUuid();
  const measured = await measureEndpoints(database, { tenantId, mode: "live" }, [busy, quiet], day(), 100);
  const expected: EndpointMeasure[] = [
    { ...nothing, endpointId: busy, delivered: 2, failed: 1, retrying: 1, waiting: 2 },
    { ...nothing, endpointId: quiet },
  ];
  expect(measured.toSorted((one, other) => other.delivered - one.delivered)).toEqual(expected);
});

test("counts the newest of a span when there are more, and says so", async () => {
  const { id: tenantId } = await createTestTenant(database);
  const delivered = { status: "DELIVERED", attempts: 1 };
  const endpointId = await reportsOf(tenantId, { status: "FAILED", attempts: 8 }, delivered, delivered);
  const [most] = await measureEndpoints(database, { tenantId, mode: "live" }, [endpointId], day(), 2);
  expect(most).toEqual({ ...nothing, endpointId, delivered: 2, isSampled: true });
});

test("keeps spans, modes and tenants apart", async () => {
  const { id: tenantId } = await createTestTenant(database);
  const stranger = await createTestTenant(database);
  const endpointId = await reportsOf(tenantId, { status: "DELIVERED", attempts: 1 });
  const now = Date.now();
  const spans = [
    [now - 7_200_000, now - 3_600_000],
    [now - 3_600_000, now + 1_000],
  ] as const;
  const rows = await measureEndpoints(database, { tenantId, mode: "live" }, [endpointId], spans, 10);
  expect(rows.map(({ span, delivered }) => [span, delivered])).toEqual([
    [0, 0],
    [1, 1],
  ]);
  for (const owner of [
    { tenantId, mode: "test" as const },
    { tenantId: stranger.id, mode: "live" as const },
  ])
    expect(await measureEndpoints(database, owner, [endpointId], day(), 10)).toEqual([{ ...nothing, endpointId }]);
});
