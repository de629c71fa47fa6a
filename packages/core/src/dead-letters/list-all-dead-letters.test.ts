import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid } from "@tidings/shared/ids";
import { afterAll, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { describeSweep } from "../platform/describe-sweep";
import { listAllDeadLetters } from "./list-all-dead-letters";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 3, applicationName: "test" });
afterAll(() => database.$disconnect());

/** A dead letter of a notification with this status; of one that was never read, or is gone. */
async function letter(tenantId: string, about: "PENDING" | "SENT" | "gone" | "unreadable", replayedAt?: Date) {
  const [id, notificationId] = [newUuid(), newUuid()];
  if (about === "PENDING" || about === "SENT") {
    await database.notification.create({
      data: {
        ...{ id: notificationId, tenantId, mode: "live", status: about, priority: 2, bulk: false, requestId: "req_1" },
        ...{ addresses: {}, channels: ["email"], createdAt: new Date() },
      },
    });
  }
  const whose = about === "unreadable" ? {} : { tenantId, mode: "live", notificationId };
  const where = { topic: "t", partition: 0, position: id, payload: new Uint8Array() };
  const stamped = replayedAt ? { replayedAt } : {};
  await database.deadLetter.create({ data: { id, ...whose, ...where, reason: `100% ${about}`, ...stamped } });
  return id;
}

it("tells which dead letters wait, and which notification went on without", async () => {
  const tenant = await createTestTenant(database);
  const ids = {
    waiting: await letter(tenant.id, "PENDING"),
    wentOn: await letter(tenant.id, "SENT"),
    gone: await letter(tenant.id, "gone"),
    unreadable: await letter(tenant.id, "unreadable"),
    replayed: await letter(tenant.id, "PENDING", new Date()),
  };
  const list = async (filters: Parameters<typeof listAllDeadLetters>[1], after?: string) =>
    (await listAllDeadLetters(database, filters, { limit: 10, ...(after && { after }) })).rows.map(({ id }) => id);

  const { rows } = await listAllDeadLetters(database, { tenant: tenant.slug }, { limit: 3 });
  expect(rows.map(({ id, notificationStatus }) => [id, notificationStatus])).toEqual([
    [ids.replayed, "PENDING"],
    [ids.gone, null],
    [ids.wentOn, "SENT"],
  ]);
  expect(rows[0]?.tenant).toEqual({ slug: tenant.slug, name: tenant.name });
  expect(await list({ tenant: tenant.slug }, ids.wentOn)).toEqual([ids.waiting]);
  expect(await list({ state: "waiting" })).toEqual([ids.unreadable, ids.waiting]);
  expect(await list({ state: "replayed" })).toEqual([ids.replayed]);
  expect(await list({ q: "100% UNREAD" })).toEqual([ids.unreadable]);
  expect(await list({ tenant: "nobody" })).toEqual([]);
  expect((await describeSweep(database)).deadLetters).toBe(2);
});
