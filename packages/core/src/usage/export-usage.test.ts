import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, expect, it } from "vitest";
import { exportUsage } from "./export-usage";

let database: Database;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 2, applicationName: "test" });
});
afterAll(() => database?.$disconnect());

it("writes the days asked for, of the mode and the tenant, and nothing a spreadsheet would run", async () => {
  const { id: tenantId } = await createTestTenant(database);
  const other = await createTestTenant(database);
  const row = { tenantId, mode: "live", channel: "email", provider: "smtp", category: "" };
  await database.usage.createMany({
    data: [
      { ...row, day: new Date("2026-01-31"), sent: 1 },
      { ...row, day: new Date("2026-02-01"), provider: "", category: "=1+1", accepted: 5 },
      { ...row, day: new Date("2026-02-03"), channel: "sms", provider: "twilio", sent: 3, delivered: 2, units: 7 },
      { ...row, day: new Date("2026-02-03"), mode: "test", sent: 9 },
      { ...row, day: new Date("2026-02-03"), tenantId: other.id, sent: 500 },
      { ...row, day: new Date("2026-02-04"), sent: 1 },
    ],
  });
  const span = { from: "2026-02-01", to: "2026-02-03" };
  let text = "";
  for await (const piece of exportUsage(database, { tenantId, mode: "live" }, span)) text += piece;
  expect(text.split("\r\n")).toEqual([
    "day,mode,channel,provider,category,accepted,sent,delivered,failed,units",
    "2026-02-01,live,email,,'=1+1,5,0,0,0,0",
    "2026-02-03,live,sms,twilio,,0,3,2,0,7",
    "",
  ]);
});
