import type { Database } from "@tidings/db/client";
import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid } from "@tidings/shared/ids";
import { type DeliveryStatus, deliveryStatuses, rollUp } from "@tidings/shared/lifecycles";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { deliveryId } from "./delivery-id";
import { rollUpNotifications } from "./roll-up-notifications";

let database: Database;
let tenantId: string;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 2, applicationName: "test" });
  tenantId = (await createTestTenant(database)).id;
});
afterAll(() => database?.$disconnect());

const common = () => ({ tenantId, mode: "test", priority: 2, createdAt: new Date() });

/** Writes a notification in PROCESSING for each set of deliveries. @returns their ids, in order */
async function written(sets: readonly (readonly DeliveryStatus[])[]): Promise<string[]> {
  const notifications = sets.map((statuses) => ({ id: newUuid(), statuses }));
  await database.notification.createMany({
    data: notifications.map(({ id }) => ({
      ...common(),
      id,
      status: "PROCESSING",
      bulk: false,
      addresses: {},
      channels: ["email"],
      requestId: "req",
    })),
  });
  await database.delivery.createMany({
    data: notifications.flatMap(({ id, statuses }) =>
      statuses.map((status, index) => ({
        ...common(),
        id: deliveryId(id, "email", String(index)),
        notificationId: id,
        channel: "email",
        address: String(index),
        status,
        siblings: statuses.length,
      })),
    ),
  });
  return notifications.map(({ id }) => id);
}

it("makes of any deliveries what rollUp does", async () => {
  const oneOfEach = deliveryStatuses.map((status) => [status]);
  const pairs = deliveryStatuses.flatMap((one) => deliveryStatuses.map((other) => [one, other]));
  const settled = deliveryStatuses.filter((status) => rollUp([status]) !== "PROCESSING");
  const anySet = fc.oneof(
    fc.array(fc.constantFrom(...deliveryStatuses), { minLength: 1, maxLength: 6 }),
    fc.array(fc.constantFrom(...settled), { minLength: 3, maxLength: 6 }),
  );
  const sets = [...oneOfEach, ...pairs, ...fc.sample(anySet, 500)];

  const ids = await written(sets);
  await database.$transaction((transaction) =>
    rollUpNotifications(
      transaction,
      ids.map((id) => ({ id, tenantId })),
    ),
  );
  const rows = await database.notification.findMany({ where: { tenantId, id: { in: ids } } });
  const statusOf = new Map(rows.map(({ id, status }) => [id, status]));
  const told = (statuses: readonly DeliveryStatus[], is: string | undefined) => `${statuses.join(" ")} → ${is}`;
  expect(sets.map((statuses, index) => told(statuses, statusOf.get(ids[index] ?? "")))).toEqual(
    sets.map((statuses) => told(statuses, rollUp(statuses))),
  );
  const isSettled = rows.map(({ status, settledAt }) => (settledAt !== null) === (status !== "PROCESSING"));
  expect(isSettled).not.toContain(false);
});
