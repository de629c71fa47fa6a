import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rotateEndpointSecret } from "../endpoints/rotate-endpoint-secret";
import { claimReports } from "./claim-reports";
import { claimOne, storeEndpoint, storeReports, testSealer } from "./testing/stored-reports";

let database: Database;
let tenantId: string;
let endpointId: string;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 10, applicationName: "test" });
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  tenantId = (await createTestTenant(database)).id;
  endpointId = (await storeEndpoint(database, tenantId)).id;
});

const storeOne = async () => (await storeReports(database, { tenantId, endpointId }))[0] as string;
const rowOf = (id: string) => database.report.findFirst({ where: { id } });
const update = (id: string, data: object) => database.report.updateMany({ where: { id }, data });

describe("a claim", () => {
  it("is won once, however many try at once", async () => {
    const id = await storeOne();
    const claims = (await Promise.all(Array.from({ length: 10 }, () => claimReports(database, [id])))).flat();
    expect(claims.filter((claim) => claim && "report" in claim)).toHaveLength(1);
    for (const claim of claims) if (claim && "busyForMs" in claim) expect(claim.busyForMs).toBeGreaterThan(20_000);
  });

  it("is won once by a batch that has the report twice, and keeps the order of the batch", async () => {
    const [first, second] = (await storeReports(database, { tenantId, endpointId, count: 2 })) as [string, string];
    const claims = await claimReports(database, [second, first, second]);
    expect(claims).toMatchObject([{ report: { id: second } }, { report: { id: first } }, null]);
  });

  it("brings what is needed to post the report", async () => {
    const claim = await claimOne(database, await storeOne());
    expect(claim).toMatchObject({
      tenantId,
      endpointId,
      type: "delivery.sent",
      attempt: 1,
      sealedPreviousSecret: null,
    });
    expect(claim).toMatchObject({ url: "https://example.com/hooks", facts: { status: "SENT" } });
    expect(claim.sequence).toBeGreaterThan(0);
  });

  it("brings the secret before only while it signs too", async () => {
    const rotated = { secret: undefined, overlapSeconds: 60 };
    await rotateEndpointSecret({ database, sealer: testSealer }, { tenantId, mode: "test" }, endpointId, rotated);
    expect((await claimOne(database, await storeOne())).sealedPreviousSecret).not.toBeNull();
    await database.endpoint.update({ where: { id: endpointId }, data: { previousUntil: new Date(Date.now() - 1) } });
    expect((await claimOne(database, await storeOne())).sealedPreviousSecret).toBeNull();
  });

  it("whose worker is gone can be taken over when its lease has run out", async () => {
    const id = await storeOne();
    await claimOne(database, id);
    expect(await claimReports(database, [id])).toEqual([{ busyForMs: expect.any(Number) }]);
    await update(id, { leaseUntil: new Date(0) });
    expect(await claimOne(database, id)).toMatchObject({ attempt: 2 });
  });

  it("gives nothing for a report that is settled, nor for one that is not there", async () => {
    const id = await storeOne();
    await update(id, { status: "DELIVERED" });
    expect(await claimReports(database, [id, tenantId])).toEqual([null, null]);
  });
});

it("a report that is not due can't be claimed, and says when it can", async () => {
  const id = await storeOne();
  await update(id, { nextAttemptAt: new Date(Date.now() + 60_000) });
  const [claim] = await claimReports(database, [id]);
  expect((claim as { busyForMs: number }).busyForMs).toBeGreaterThan(50_000);
  expect(await rowOf(id)).toMatchObject({ attempts: 0 });
});

it.each([
  ["was disabled", () => database.endpoint.update({ where: { id: endpointId }, data: { enabled: false } })],
  ["is gone", () => database.endpoint.delete({ where: { id: endpointId } })],
])("a report whose endpoint %s fails without an attempt", async (_, change) => {
  const id = await storeOne();
  await update(id, { nextAttemptAt: new Date(Date.now() + 60_000) });
  await change();
  expect(await claimReports(database, [id])).toEqual([null]);
  expect(await rowOf(id)).toMatchObject({ status: "FAILED", attempts: 0, nextAttemptAt: null, leaseUntil: null });
  expect((await rowOf(id))?.settledAt).not.toBeNull();
});
