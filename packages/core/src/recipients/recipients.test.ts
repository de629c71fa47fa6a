import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createRecipient } from "./create-recipient";
import { listRecipients } from "./list-recipients";
import { presentRecipient } from "./present-recipient";
import { putRecipient } from "./put-recipient";
import { recipientBody, recipientFacts } from "./recipient-schemas";
import { removeDevice } from "./remove-device";
import { updateRecipient } from "./update-recipient";

let database: Database;
let tenantId: string;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 2, applicationName: "test" });
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  tenantId = (await createTestTenant(database)).id;
});

const put = (id: string, body: object) => putRecipient(database, tenantId, id, recipientBody.parse(body));
const device = (token: string) => ({ token, platform: "ios" as const });

describe("finding recipients", () => {
  async function found(q: string, limit = 10, after?: string): Promise<string[]> {
    const { rows } = await listRecipients(database, tenantId, { q }, { limit, after });
    return rows.map(({ id }) => id);
  }
  beforeEach(async () => {
    await put("usr_1", { email: "Ann@example.com", devices: [device("token-of-ann")] });
    await put("usr_2", { email: "bob@example.com", phone: "+14155550100" });
    await put("مرحبا_%", { email: "usr_2@example.com" });
    const stranger = await createTestTenant(database);
    await putRecipient(database, stranger.id, "usr_3", recipientBody.parse({ email: "ann@example.com" }));
  });

  test.each([
    ["how an id begins", "usr_", ["usr_1", "usr_2"]],
    ["an email address, however it is written", "ANN@example.com", ["usr_1"]],
    ["a phone number", " +14155550100 ", ["usr_2"]],
    ["a device's token", "token-of-ann", ["usr_1"]],
    ["letters that mean something in a pattern", "مرحبا_%", ["مرحبا_%"]],
    ["a part of an address", "example.com", []],
  ])("by %s", async (_, q, ids) => {
    expect(await found(q)).toEqual(ids);
  });

  test("a page at a time", async () => {
    expect(await found("usr_", 1)).toEqual(["usr_1"]);
    expect(await found("usr_", 1, "usr_1")).toEqual(["usr_2"]);
  });
});

test("a new recipient takes nobody's id", async () => {
  const facts = recipientFacts.parse({ email: "ann@example.com", locale: "pt-BR" });
  const ann = await createRecipient(database, tenantId, "usr_1", facts);
  expect(presentRecipient(ann)).toMatchObject({ id: "usr_1", email: "ann@example.com", locale: "pt-BR", devices: [] });
  await expect(
    createRecipient(database, tenantId, "usr_1", recipientFacts.parse({ email: "bob@example.com" })),
  ).rejects.toMatchObject({
    code: "conflict",
    faults: [{ pointer: "/id" }],
  });
  const { rows } = await listRecipients(database, tenantId, {}, { limit: 10 });
  expect(rows.map(({ addresses }) => addresses)).toEqual([{ email: "ann@example.com" }]);
});

test("changing a recipient replaces what is known of them, and leaves their devices", async () => {
  await put("usr_1", {
    email: "ann@example.com",
    locale: "pt",
    devices: [device("device-token-1")],
  });
  const changed = presentRecipient(
    await updateRecipient(database, tenantId, "usr_1", recipientFacts.parse({ phone: "+14155550100" })),
  );
  expect(changed).toMatchObject({ phone: "+14155550100", locale: null, devices: [{ token: "device-token-1" }] });
  expect(changed).not.toHaveProperty("email");
  await expect(updateRecipient(database, tenantId, "usr_2", {})).rejects.toMatchObject({ code: "not_found" });
});

test("a device is removed from the recipient who has it, and from nobody else", async () => {
  await put("usr_1", { devices: [device("device-token-1"), device("device-token-2")] });
  await put("usr_2", { devices: [] });
  await expect(removeDevice(database, tenantId, "usr_2", { token: "device-token-1" })).rejects.toMatchObject({
    code: "not_found",
  });
  await removeDevice(database, tenantId, "usr_1", { token: "device-token-1" });
  const { rows } = await listRecipients(database, tenantId, { q: "usr_1" }, { limit: 1 });
  expect(rows[0]?.devices.map(({ token }) => token)).toEqual(["device-token-2"]);
});
