import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { firstUuidAt, newUuid } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type AcceptedRow, insertAccepted } from "./insert-accepted";

let database: Database;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 2, applicationName: "test" });
});
afterAll(() => database?.$disconnect());

/** A notification from a process whose clock is off by so much. */
async function acceptedBy(clockOffMs: number): Promise<string> {
  const owner = { tenantId: (await createTestTenant(database)).id, mode: "test" as const };
  const id = firstUuidAt(Date.now() + clockOffMs).slice(0, 14) + newUuid().slice(14);
  const none = { templateId: null, templateVersion: null, recipientId: null, data: null, locale: null, content: null };
  const about = { category: null, requestId: "r", idempotencyKey: null, sendAt: null, addresses: {}, channels: [] };
  const row: AcceptedRow = { ...owner, id, status: "PENDING", priority: 0, bulk: false, ...none, ...about };
  await insertAccepted(database, [
    { ...owner, idempotency: null, rows: [row], rowsJson: JSON.stringify(row), response: {} },
  ]);
  return id;
}
const listed = (notificationId: string) => database.schedule.findUnique({ where: { notificationId } });

it.each([-20_000, -86_400_000, 20_000])(
  "lists what a clock that is off by %i ms hides from the sweeper",
  async (off) => {
    const row = await listed(await acceptedBy(off));
    expect(row).toMatchObject({ priority: 0 });
    expect(row?.dueAt.getTime()).toBeLessThan(Date.now() + 16_000);
  },
);

it("leaves to the sweeper's mark what a clock made that is right to within seconds", async () => {
  for (const off of [-5_000, 0, 5_000]) expect(await listed(await acceptedBy(off))).toBeNull();
});
