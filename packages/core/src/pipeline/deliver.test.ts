import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { idsBeginningLike, newUuid } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createDeliver } from "./deliver";
import { createReport } from "./report";

let database: Database;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 2, applicationName: "test" });
});
afterAll(() => database?.$disconnect());

/** Delivers what nobody has an account for, and was claimed before if told. */
async function deliver(leaseUntil: Date | null) {
  const tenantId = (await createTestTenant(database)).id;
  const notificationId = newUuid();
  const common = { tenantId, mode: "test", priority: 2, createdAt: new Date() };
  const more = { status: "PROCESSING", bulk: false, channels: ["email"], addresses: {}, requestId: "r" };
  await database.notification.create({ data: { ...common, ...more, id: notificationId } });
  const id = idsBeginningLike(notificationId).first;
  const to = { notificationId, channel: "email", address: "ann@example.com", siblings: 1 };
  const status = leaseUntil ? "SENDING" : "QUEUED";
  await database.delivery.create({ data: { ...common, ...to, id, status, leaseUntil, attempt: leaseUntil ? 1 : 0 } });

  const metrics = createMetrics({ process: "test" });
  const logger = createLogger({ name: "test", level: "silent" });
  const unused = () => Promise.reject(new Error("nothing is sent"));
  const stage = createDeliver({
    database,
    accounts: { choose: async () => ({ none: "no account" }), record() {}, letGo: unused, close: async () => {} },
    render: unused,
    resolveAttachments: unused,
    rates: { take: unused, owe() {} },
    pairs: { take: unused },
    report: createReport({ database, queueReports: async () => {}, logger, metrics }),
    logger,
    metrics,
  });
  await stage.deliver({ id, tenantId, priority: 2 }, new AbortController().signal);
  expect(await database.delivery.findUnique({ where: { id } })).toMatchObject({ status: "FAILED" });
  return (await metrics.swept.get()).values.map(({ labels, value }) => [labels.reason, value]);
}

it("counts a delivery that it takes over from a worker whose lease has run out", async () => {
  expect(await deliver(new Date(Date.now() - 1_000))).toEqual([["lease_ran_out", 1]]);
});

it("counts nothing for a delivery that was only queued", async () => {
  expect(await deliver(null)).toEqual([]);
});
