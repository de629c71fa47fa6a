import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ReportAttempt, recordReportAttempts } from "./record-report-attempts";
import { claimOne, storeEndpoint, storeReports } from "./testing/stored-reports";

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

const day = 24 * 60 * 60 * 1_000;
const rowOf = (id: string) => database.report.findFirst({ where: { id } });
const endpointOf = (id = endpointId) => database.endpoint.findUniqueOrThrow({ where: { id } });
const failingSince = (failingSince: Date, lastFailedAt = new Date(Date.now() - day)) =>
  database.endpoint.update({ where: { id: endpointId }, data: { failingSince, lastFailedAt } });

/** An attempt at a new report of the endpoint. */
async function attempted(more: Partial<ReportAttempt> = {}, endpoint = endpointId): Promise<ReportAttempt> {
  const [id = ""] = await storeReports(database, { tenantId, endpointId: endpoint });
  const answer = { statusCode: 200, response: "ok", reason: null, retryInMs: null, isGone: false };
  const timing = { startedAt: new Date(), durationMs: 12.4 };
  return { report: await claimOne(database, id), outcome: "delivered", ...answer, ...timing, ...more };
}
const deferred = (more: Partial<ReportAttempt> = {}) =>
  attempted({ outcome: "deferred", statusCode: 500, response: "oops", reason: "500 oops", retryInMs: 60_000, ...more });
const gone = () => attempted({ outcome: "failed", statusCode: 410, reason: "410", isGone: true });

describe("an attempt", () => {
  it("that got through settles the report, with what was answered", async () => {
    const attempt = await attempted();
    await recordReportAttempts(database, [attempt]);
    const { id } = attempt.report;
    expect(await rowOf(id)).toMatchObject({ status: "DELIVERED", leaseUntil: null, nextAttemptAt: null });
    expect((await rowOf(id))?.settledAt).not.toBeNull();
    expect(await database.reportAttempt.findMany({ where: { reportId: id } })).toMatchObject([
      { number: 1, outcome: "delivered", statusCode: 200, response: "ok", reason: null, durationMs: 12, tenantId },
    ]);
  });

  it("that did not leaves it waiting for the next one", async () => {
    const attempt = await deferred();
    await recordReportAttempts(database, [attempt]);
    const row = await rowOf(attempt.report.id);
    expect(row).toMatchObject({ status: "PENDING", leaseUntil: null, settledAt: null });
    expect((row?.nextAttemptAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(50_000);
  });

  it("whose lease was taken over is kept and moves nothing", async () => {
    const zombie = await deferred();
    const { id } = zombie.report;
    await database.report.updateMany({ where: { id }, data: { leaseUntil: new Date(0) } });
    const heir = { ...zombie, report: await claimOne(database, id), outcome: "delivered" as const, retryInMs: null };
    await recordReportAttempts(database, [heir]);
    await recordReportAttempts(database, [zombie]);
    expect(await rowOf(id)).toMatchObject({ status: "DELIVERED", attempts: 2 });
    expect(await database.reportAttempt.count({ where: { reportId: id } })).toBe(2);
  });

  it("keeps words that Postgres could not store", async () => {
    const attempt = await deferred({ response: "a\u0000b\ud800", reason: "500 a\u0000b" });
    await recordReportAttempts(database, [attempt]);
    const [row] = await database.reportAttempt.findMany({ where: { reportId: attempt.report.id } });
    expect(row).toMatchObject({ response: "ab\ufffd", reason: "500 ab" });
  });
});

describe("an endpoint", () => {
  it("is failing since its first failure, until something gets through", async () => {
    await recordReportAttempts(database, [await deferred()]);
    const since = (await endpointOf()).failingSince;
    expect(since).not.toBeNull();
    await recordReportAttempts(database, [await deferred()]);
    expect((await endpointOf()).failingSince).toEqual(since);
    await recordReportAttempts(database, [await attempted()]);
    expect(await endpointOf()).toMatchObject({ failingSince: null, enabled: true });
  });

  it("is disabled when nothing got through for five days, and not before", async () => {
    await failingSince(new Date(Date.now() - 5 * day + 60_000));
    expect((await recordReportAttempts(database, [await deferred()])).disabled).toEqual([]);
    await failingSince(new Date(Date.now() - 5 * day - 1_000));
    const { disabled } = await recordReportAttempts(database, [await deferred(), await deferred()]);
    const reason = "Nothing got through to it for 5 days.";
    expect(disabled).toEqual([{ id: endpointId, tenantId, url: "https://example.com/hooks", reason }]);
    expect(await endpointOf()).toMatchObject({ enabled: false, disabledReason: reason });
  });

  it("is not disabled by one failure long after others: the count begins again", async () => {
    const before = Date.now();
    await failingSince(new Date(before - 6 * day), new Date(before - 2 * day - 1_000));
    expect((await recordReportAttempts(database, [await deferred()])).disabled).toEqual([]);
    const { enabled, failingSince: since, lastFailedAt } = await endpointOf();
    expect(enabled).toBe(true);
    expect(since?.getTime()).toBeGreaterThanOrEqual(before - 1_000);
    expect(lastFailedAt).toEqual(since);
  });

  it("notes its last failure to the hour, also long after its first", async () => {
    const [since, hourAgo] = [new Date(Date.now() - 3 * day), new Date(Date.now() - day / 24 - 1_000)];
    await failingSince(since, hourAgo);
    await recordReportAttempts(database, [await deferred()]);
    const noted = await endpointOf();
    expect(noted.failingSince).toEqual(since);
    expect(noted.lastFailedAt?.getTime()).toBeGreaterThan(hourAgo.getTime() + 1_000);
    await recordReportAttempts(database, [await deferred()]);
    expect((await endpointOf()).lastFailedAt).toEqual(noted.lastFailedAt);
  });

  it("is not disabled by a batch in which something got through", async () => {
    await failingSince(new Date(Date.now() - 6 * day));
    const batch = [await deferred(), await attempted()];
    expect((await recordReportAttempts(database, batch)).disabled).toEqual([]);
    expect(await endpointOf()).toMatchObject({ enabled: true, failingSince: null });
  });

  it("is disabled at once when it is gone, and told of to the tenant's others", async () => {
    const other = await storeEndpoint(database, tenantId, { events: ["endpoint.disabled"] });
    await storeEndpoint(database, tenantId, { events: ["delivery.*"] });
    const { disabled, written } = await recordReportAttempts(database, [await gone()]);
    expect(disabled).toMatchObject([{ id: endpointId, reason: "It answered 410 Gone." }]);
    expect(written).toEqual([{ id: expect.any(String), endpointId: other.id }]);
    const report = await rowOf(written[0]?.id ?? "");
    expect(report).toMatchObject({ tenantId, type: "endpoint.disabled", status: "PENDING" });
    const told = report?.facts as { failingSince: string };
    expect(told).toMatchObject({ id: endpointId, reason: "It answered 410 Gone.", url: "https://example.com/hooks" });
    expect(new Date(told.failingSince).toISOString()).toBe(told.failingSince);
  });

  it("is disabled once, however many find it gone at the same time", async () => {
    const watcher = await storeEndpoint(database, tenantId);
    const batches = await Promise.all(Array.from({ length: 6 }, async () => [await gone()]));
    const recorded = await Promise.all(batches.map((batch) => recordReportAttempts(database, batch)));
    expect(recorded.flatMap(({ disabled }) => disabled)).toHaveLength(1);
    expect(recorded.flatMap(({ written }) => written)).toMatchObject([{ endpointId: watcher.id }]);
  });

  it("shares no lock in the wrong order with another", async () => {
    const other = (await storeEndpoint(database, tenantId)).id;
    const pair = async () => [await deferred(), await attempted({ outcome: "failed" }, other)];
    for (let round = 0; round < 5; round += 1) {
      await database.endpoint.updateMany({ where: { tenantId }, data: { failingSince: null } });
      const batches = await Promise.all(Array.from({ length: 6 }, pair));
      await Promise.all(
        batches.map((batch, index) => recordReportAttempts(database, index % 2 ? batch : batch.toReversed())),
      );
    }
    expect((await endpointOf(other)).failingSince).not.toBeNull();
  });
});
