import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, expect, it } from "vitest";
import { importSuppressions } from "./import-suppressions";

let database: Database;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 4, applicationName: "test" });
});
afterAll(() => database?.$disconnect());

it("takes a list of any length as fast as it is stored, and never holds more than a little of it", async () => {
  const tenantId = (await createTestTenant(database)).id;
  let sent = 0;
  let stored = 0;
  let mostHeld = 0;
  async function* list() {
    yield Buffer.from("address\n");
    for (; sent < 50_000; sent += 1_000) {
      yield Buffer.from(Array.from({ length: 1_000 }, (_, index) => `p${sent + index}@example.com\n`).join(""));
    }
  }
  const queueReports = async () => {
    stored += 1_000; // it is called once for each batch that was committed
    mostHeld = Math.max(mostHeld, sent - stored);
  };
  const result = await importSuppressions({ database, queueReports }, { tenantId, mode: "live" }, list());
  expect(result).toMatchObject({ read: 50_000, added: 50_000, faults: [] });
  expect(stored).toBe(50_000);
  expect(mostHeld).toBeLessThanOrEqual(10_000);
});
