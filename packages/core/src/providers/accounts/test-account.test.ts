import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import type { HttpFake } from "../../../../../tests/fakes/http-fake";
import { createTwilioFake, problem, type TwilioMessage } from "../../../../../tests/fakes/twilio-fake";
import { createTestDatabase } from "../../../../../tests/setup/test-services";
import { createSealer } from "../../secrets/sealer";
import { createAccountBody, publicAccountTest, type TestAccountBody } from "./account-schemas";
import { createAccount } from "./create-account";
import { testAccount } from "./test-account";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 3, applicationName: "test" });
afterAll(() => database.$disconnect());
const sealer = createSealer([Buffer.alloc(32, 3)]);
const deps = {
  database,
  sealer,
  providerContext: { outboundAllow: ["127.0.0.1/32"] },
  publicUrl: "https://notify.acme.test",
};

let tenantId: string;
let fake: HttpFake;
let messages: TwilioMessage[];
let id: string;
beforeEach(async () => {
  messages = [];
  fake = await createTwilioFake({ onMessage: (message) => messages.push(message) });
  tenantId = (await createTestTenant(database)).id;
  const config = { accountSid: "AC0123456789", authToken: "c4n4ry-auth-token", from: "+14155550100", apiUrl: fake.url };
  const body = { provider: "twilio", channels: ["sms"], config, enabled: false };
  id = (await createAccount(deps, tenantId, createAccountBody.parse(body))).row.id;
});
afterEach(() => fake.close());

const run = (body: TestAccountBody, mode: "live" | "test" = "live", of = tenantId) =>
  testAccount(deps, { tenantId: of, mode }, id, body);

it("really sends one message, and says what the provider said", async () => {
  const answer = await run({ to: "+14155550123" });
  expect(publicAccountTest.strict().parse(answer)).toEqual({
    outcome: "sent",
    reason: null,
    providerMessageId: messages[0]?.sid,
    durationMs: expect.any(Number),
  });
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatchObject({ to: "+14155550123", text: expect.stringContaining("test message") });
  expect(messages[0]?.fields.StatusCallback).toMatch(/^https:\/\/notify\.acme\.test\/receipts\/twilio\//);
  await run({ to: "+14155550123", content: { text: "My own words" } });
  expect(messages[1]?.text).toBe("My own words");
  expect(await database.notification.count({ where: { tenantId } })).toBe(0);
});

it("tells the provider's refusal, without the secret it may repeat", async () => {
  expect(await run({ to: "+15005550001" })).toMatchObject({
    outcome: "rejected",
    reason: expect.stringMatching(/21211/),
  });
  fake.script.next(1, problem(401, 20003, "c4n4ry-auth-token is no token"));
  expect(await run({ to: "+14155550123" })).toMatchObject({
    outcome: "deferred",
    reason: "20003 ••••oken is no token",
  });
  expect(messages).toEqual([]);
});

it("reaches no provider with a test key, and nothing of another tenant", async () => {
  await expect(run({ to: "+14155550123" }, "test")).rejects.toMatchObject({ code: "wrong_mode" });
  const { id: stranger } = await createTestTenant(database);
  for (const mode of ["live", "test"] as const) {
    await expect(run({ to: "+14155550123" }, mode, stranger)).rejects.toMatchObject({ code: "not_found" });
  }
  expect(messages).toEqual([]);
});

it("takes no uploads along, for there is no worker that would read them", async () => {
  const config = { host: "127.0.0.1", port: 9, from: "hello@acme.test" };
  const { row } = await createAccount(deps, tenantId, createAccountBody.parse({ provider: "smtp", config }));
  const content = { subject: "Hi", text: "Hi", attachments: [{ id: "fil_01h455vb4pex5vsknk084sn02q" }] };
  await expect(
    testAccount(deps, { tenantId, mode: "live" }, row.id, { to: "ann@example.com", content }),
  ).rejects.toMatchObject({ faults: [{ pointer: "/content/attachments" }] });
});

it.each<[string, TestAccountBody, string]>([
  ["a channel it does not serve", { channel: "whatsapp", to: "+14155550123" }, "/channel"],
  ["an address of another channel", { to: "ann@example.com" }, "/to"],
  ["content of another channel", { to: "+14155550123", content: { subject: "Hi" } }, "/content/text"],
])("refuses %s", async (_, body, pointer) => {
  await expect(run(body)).rejects.toMatchObject({
    code: "invalid_body",
    faults: expect.arrayContaining([expect.objectContaining({ pointer })]),
  });
  expect(messages).toEqual([]);
});
