import { type Database, openDatabase } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTenant } from "../tenants/create-tenant";
import { type ReportEvent, writeReports } from "./write-reports";

let database: Database;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 2, applicationName: "test" });
});
afterAll(() => database?.$disconnect());

const uuidOfTenant = async () => (await createTenant(database, { name: "Acme", slug: newUuid() })).id;

interface Wishes {
  events: string[];
  channels?: string[];
  categories?: string[];
  enabled?: boolean;
  mode?: string;
}

async function endpointOf(tenantId: string, wishes: Wishes): Promise<string> {
  const id = newUuid();
  const url = "https://example.com/hooks";
  await database.endpoint.create({ data: { id, tenantId, mode: "live", url, sealedSecret: "sealed", ...wishes } });
  return id;
}

test.each<[string, Wishes, boolean]>([
  ["everything", { events: ["*"] }, true],
  ["its type", { events: ["delivery.sent"] }, true],
  ["its kind", { events: ["delivery.*"] }, true],
  ["another type", { events: ["delivery.failed"] }, false],
  ["its channel", { events: ["*"], channels: ["sms", "email"] }, true],
  ["another channel", { events: ["*"], channels: ["sms"] }, false],
  ["another category", { events: ["*"], categories: ["offers"] }, false],
  ["the other mode", { events: ["*"], mode: "test" }, false],
  ["everything, but is disabled", { events: ["*"], enabled: false }, false],
])("an endpoint that wants %s", async (_, wishes, isWritten) => {
  const tenantId = await uuidOfTenant();
  const endpointId = await endpointOf(tenantId, wishes);
  const event: ReportEvent = {
    tenantId,
    mode: "live",
    type: "delivery.sent",
    channel: "email",
    category: "orders",
    facts: { status: "SENT" },
  };
  const written = await writeReports(database, [event]);
  expect(written.map((report) => report.endpointId)).toEqual(isWritten ? [endpointId] : []);
});

test("another tenant's endpoints hear nothing, and the order of events is kept", async () => {
  const [tenantId, other] = [await uuidOfTenant(), await uuidOfTenant()];
  const endpointId = await endpointOf(tenantId, { events: ["*"] });
  await endpointOf(other, { events: ["*"] });
  const types = ["notification.accepted", "notification.processing", "delivery.queued", "delivery.sent"];
  const written = await writeReports(
    database,
    types.map((type) => ({ tenantId, mode: "live" as const, type, facts: {} })),
  );
  expect(written.map((report) => report.endpointId)).toEqual(types.map(() => endpointId));
  const rows = await database.report.findMany({ where: { endpointId }, orderBy: { sequence: "asc" } });
  expect(rows.map(({ type }) => type)).toEqual(types);
});
