import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { newUuid, publicId } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { watchMessage } from "./watch-message";
import { createWatchMessages } from "./watch-messages";

let database: Database;
let tenantId: string;
let stop: AbortController;
const logger = createLogger({ name: "test", level: "silent" });
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 4, applicationName: "test" });
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  stop = new AbortController();
  tenantId = (await createTestTenant(database)).id;
});
afterEach(() => stop.abort());

async function accepted(mode = "live") {
  const row = { id: newUuid(), tenantId, mode, status: "PENDING", priority: 2, bulk: false, addresses: {} };
  await database.notification.create({
    data: { ...row, channels: ["email"], requestId: "req_1", createdAt: new Date() },
  });
  return row.id;
}

/** Polls every so often, on however busy a machine. */
const eventually = <Value>(tell: () => Value) => expect.poll(tell, { timeout: 10_000 });

const become = (id: string, status: string) =>
  database.notification.updateMany({ where: { tenantId, id }, data: { status } });

/** Gathers what is yielded: the last state of each message by its public id. */
function gather(watching: AsyncGenerator<readonly { id: string; status: string }[]>) {
  const states = new Map<string, string>();
  const ended = (async () => {
    for await (const rows of watching) for (const { id, status } of rows) states.set(id, status);
  })();
  return { ended, stateOf: (id: string) => states.get(publicId("notification", id)) };
}

it("shows what is there, then what comes and what changes, of one mode, to all who watch", async () => {
  const before = await accepted();
  const messages = createWatchMessages({ database, logger, pollMs: 20 });
  const leave = new AbortController();
  const one = gather(messages.watch({ tenantId, mode: "live" }, stop.signal));
  const two = gather(messages.watch({ tenantId, mode: "live" }, leave.signal));
  await eventually(() => [one.stateOf(before), two.stateOf(before)]).toEqual(["PENDING", "PENDING"]);
  expect(messages.polled).toBe(1);

  const [come, elsewhere] = [await accepted(), await accepted("test")];
  await eventually(() => [one.stateOf(come), two.stateOf(come)]).toEqual(["PENDING", "PENDING"]);
  await become(before, "FAILED");
  await become(come, "SENT");
  await eventually(() => [one.stateOf(before), two.stateOf(come)]).toEqual(["FAILED", "SENT"]);
  expect(one.stateOf(elsewhere)).toBeUndefined();

  leave.abort();
  await two.ended;
  expect(messages.polled).toBe(1);
  stop.abort();
  await one.ended;
  expect(messages.polled).toBe(0);
});

it("tells a message's story whenever it has changed", async () => {
  const id = await accepted();
  const watching = watchMessage(database, tenantId, id, stop.signal);
  expect((await watching.next()).value.notification.status).toBe("PENDING");
  const changed = watching.next();
  await become(id, "PROCESSING");
  expect((await changed).value.notification.status).toBe("PROCESSING");
  const ended = watching.next();
  stop.abort();
  expect((await ended).done).toBe(true);
});
