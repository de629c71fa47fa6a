import { type Database, openDatabase, type Prisma } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid, publicId } from "@tidings/shared/ids";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HttpFake } from "../../../../../tests/fakes/http-fake";
import { createTwilioFake } from "../../../../../tests/fakes/twilio-fake";
import { createTestDatabase } from "../../../../../tests/setup/test-services";
import { createSealer } from "../../secrets/sealer";
import { openConfig } from "../settings/account-config";
import {
  type CreateAccountBody,
  createAccountBody,
  maxAccounts,
  publicAccount,
  type UpdateAccountBody,
  updateAccountBody,
} from "./account-schemas";
import { createAccount } from "./create-account";
import { deleteAccount } from "./delete-account";
import { getAccount } from "./get-account";
import { listAccounts } from "./list-accounts";
import { presentAccount } from "./present-account";
import { updateAccount } from "./update-account";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
afterAll(() => database.$disconnect());
const sealer = createSealer([Buffer.alloc(32, 3)]);
const deps = { database, sealer, providerContext: { outboundAllow: ["127.0.0.1/32"] } };

let tenantId: string;
let fake: HttpFake;
beforeEach(async () => {
  tenantId = (await createTestTenant(database)).id;
  fake = await createTwilioFake();
});
afterEach(() => fake.close());

const authToken = "c4n4ry-auth-token";
const twilio = () => ({ accountSid: "AC0123456789", authToken, from: "+14155550100", apiUrl: fake.url });

function create(body: Partial<CreateAccountBody> = {}, of = tenantId) {
  return createAccount(deps, of, createAccountBody.parse({ provider: "twilio", config: twilio(), ...body }));
}
function update(row: Prisma.ProviderAccountModel, body: UpdateAccountBody) {
  return updateAccount(deps, tenantId, row.id, updateAccountBody.parse(body));
}
const configOf = async (id: string) => openConfig(sealer, await getAccount(database, tenantId, id));
const refused = (pointer: string, message: unknown = expect.any(String)) => ({
  code: "invalid_body",
  faults: [{ pointer, message }],
});

describe("createAccount", () => {
  it("keeps the credentials sealed, once the provider has confirmed them", async () => {
    const { row, check } = await create();
    expect(check).toEqual({ checked: true, checkReason: null });
    expect(await configOf(row.id)).toEqual(twilio());
    const [stored] = await database.$queryRaw<[{ text: string }]>`
      SELECT provider_account::text AS text FROM provider_account WHERE id = ${row.id}::uuid`;
    expect(stored.text).toContain("v1.");
    expect(stored.text).not.toMatch(/c4n4ry|AC0123456789/);
    const elsewhere = { ...row, id: newUuid() };
    expect(() => openConfig(sealer, elsewhere)).toThrow();
  });

  it("chooses for who says no more: all channels, first in order, its provider's usual rate", async () => {
    const { row } = await create();
    expect(row).toMatchObject({
      name: "Twilio",
      channels: ["sms", "whatsapp"],
      rank: 0,
      weight: 100,
      perSecond: 1,
      burst: 1,
      enabled: true,
    });
  });

  it.each([
    ["+14155550100", undefined, { perSecond: 1, burst: 1 }],
    ["+18885550100", undefined, { perSecond: 3, burst: 3 }],
    ["+491715550100", undefined, { perSecond: null, burst: null }],
    ["+14155550100", null, { perSecond: null, burst: null }],
  ])("has %s send as fast as its provider is known for, unless told: %j", async (from, rate, expected) => {
    const { row } = await create({
      config: { ...twilio(), from },
      channels: ["sms"],
      ...(rate !== undefined && { rate }),
    });
    expect(row).toMatchObject(expected);
  });

  it("takes what it is told", async () => {
    const rate = { perSecond: 2.5 };
    const wishes = { name: "Germany", channels: ["sms"], order: 3, weight: 7, rate, enabled: false };
    const { row } = await create(wishes);
    expect(row).toMatchObject({ name: "Germany", channels: ["sms"], rank: 3, weight: 7, perSecond: 2.5, burst: 3 });
    expect(row.enabled).toBe(false);
  });

  it("refuses credentials that the provider refuses, in its words and without the credentials", async () => {
    const config = { ...twilio(), authToken: "wrong" };
    await expect(create({ config })).rejects.toMatchObject({
      code: "credentials_refused",
      message: expect.stringContaining("Authenticate"),
    });
    expect(await database.providerAccount.count({ where: { tenantId } })).toBe(0);
  });

  it("saves credentials that could not be checked, and says why", async () => {
    await fake.close();
    const { row, check } = await create();
    expect(check).toEqual({ checked: false, checkReason: expect.stringContaining("ECONNREFUSED") });
    expect(await configOf(row.id)).toEqual(twilio());
    const slack = await create({ provider: "slack", config: {} });
    expect(slack.check).toEqual({ checked: false, checkReason: "Slack has no call for that: send a test message" });
  });

  it.each([
    ["a setting it lacks", () => ({ ...twilio(), authToken: undefined }), "/config/authToken"],
    ["a setting it does not have", () => ({ ...twilio(), authTokn: "x" }), "/config/authTokn"],
    ["a private address", () => ({ ...twilio(), apiUrl: "http://10.0.0.1" }), "/config/apiUrl"],
    ["metadata", () => ({ ...twilio(), apiUrl: "http://169.254.169.254/latest" }), "/config/apiUrl"],
    ["a name that nobody has", () => ({ ...twilio(), apiUrl: "http://api.invalid" }), "/config/apiUrl"],
    ["a URL with credentials", () => ({ ...twilio(), apiUrl: "http://user:c4n4ry@127.0.0.1" }), "/config/apiUrl"],
    ["another protocol", () => ({ ...twilio(), apiUrl: "file:///etc/passwd" }), "/config/apiUrl"],
  ])("refuses %s", async (_, config, pointer) => {
    await expect(create({ config: config() })).rejects.toMatchObject(refused(pointer));
  });

  it.each(["127.0.0.2", "10.0.0.1", "::1", "169.254.169.254", "127.2", "no/host"])(
    "refuses a mail server at %s",
    async (host) => {
      const smtp = create({ provider: "smtp", config: { host, from: "hello@acme.test" } });
      await expect(smtp).rejects.toMatchObject(refused("/config/host"));
    },
  );

  it("refuses a channel that its provider does not serve", async () => {
    await expect(create({ channels: ["sms", "email"] })).rejects.toMatchObject(refused("/channels/1"));
  });

  it.each(["sandbox", "in_app", "pigeon"])("has no accounts at %s", (provider) => {
    expect(createAccountBody.safeParse({ provider }).success).toBe(false);
  });

  it(`refuses more than ${maxAccounts}, also at once`, async () => {
    const row = (await create()).row;
    const rows = Array.from({ length: maxAccounts - 2 }, () => ({ ...row, id: newUuid(), receiptToken: newUuid() }));
    await database.providerAccount.createMany({ data: rows });
    const settled = await Promise.allSettled([create(), create(), create()]);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(create()).rejects.toMatchObject({ code: "conflict" });
    await create({}, (await createTestTenant(database)).id);
  });
});

describe("updateAccount", () => {
  it("leaves what is not named, a secret above all", async () => {
    const { row } = await create({ rate: { perSecond: 5, burst: 9 } });
    const { row: renamed, check } = await update(row, { name: "Renamed", order: 2, enabled: false });
    expect(check).toEqual({ checked: false, checkReason: null });
    expect(renamed).toMatchObject({ name: "Renamed", rank: 2, enabled: false, perSecond: 5, burst: 9 });
    expect(renamed.sealedConfig).toBe(row.sealedConfig);
    const changed = await update(row, { config: { from: "+14155550199" }, rate: null });
    expect(changed.check.checked).toBe(true);
    expect(changed.row).toMatchObject({ perSecond: null, burst: null });
    expect(await configOf(row.id)).toEqual({ ...twilio(), from: "+14155550199" });
  });

  it("removes a setting that is null, and checks what is left", async () => {
    const { row } = await create({ config: { ...twilio(), whatsappFrom: "+14155550101" } });
    await update(row, { config: { from: null } });
    expect(await configOf(row.id)).not.toHaveProperty("from");
    await expect(update(row, { config: { whatsappFrom: null } })).rejects.toMatchObject(refused("/config"));
  });

  it("keeps a secret that comes back as it was shown", async () => {
    const { row } = await create();
    const { config } = presentAccount({ sealer, publicUrl: null }, row);
    expect(config.authToken).toBe("••••oken");
    await update(row, { config: { ...config, from: "+14155550199" } });
    expect(await configOf(row.id)).toMatchObject({ authToken, from: "+14155550199" });
  });

  it("refuses to send a kept secret to another place than the one it was given for", async () => {
    const { row } = await create();
    const other = await createTwilioFake();
    const config = { apiUrl: other.url };
    await expect(update(row, { config })).rejects.toMatchObject(refused("/config/authToken"));
    await expect(update(row, { config: { apiUrl: null } })).rejects.toMatchObject(refused("/config/authToken"));
    await update(row, { config: { ...config, authToken: "another-token" } });
    expect(await configOf(row.id)).toMatchObject({ apiUrl: other.url, authToken: "another-token" });
    await other.close();
  });

  it("refuses wrong credentials and private hosts, and leaves the account as it was", async () => {
    const { row } = await create();
    await expect(update(row, { config: { authToken: "wrong" } })).rejects.toMatchObject({
      code: "credentials_refused",
    });
    const elsewhere = { apiUrl: "http://10.0.0.1", authToken: "another-token" };
    await expect(update(row, { config: elsewhere })).rejects.toMatchObject(refused("/config/apiUrl"));
    expect(await getAccount(database, tenantId, row.id)).toEqual(row);
  });

  it("tells whoever comes second when two change settings at once", async () => {
    const { row } = await create();
    const overtaken = database.$extends({
      query: {
        providerAccount: {
          async updateManyAndReturn({ args, query }) {
            await update(row, { config: { from: "+14155550112" } });
            return await query(args);
          },
        },
      },
    }) as unknown as Database;
    const second = updateAccount({ ...deps, database: overtaken }, tenantId, row.id, {
      config: { from: "+14155550111" },
    });
    await expect(second).rejects.toMatchObject({ code: "conflict" });
    const { config } = presentAccount({ sealer, publicUrl: null }, await getAccount(database, tenantId, row.id));
    expect(config.from).toBe("+14155550112");
  });
});

describe("another tenant", () => {
  it("has no such account", async () => {
    const { row } = await create();
    const { id: stranger } = await createTestTenant(database);
    const none = { code: "not_found" };
    await expect(getAccount(database, stranger, row.id)).rejects.toMatchObject(none);
    await expect(updateAccount(deps, stranger, row.id, { name: "Mine" })).rejects.toMatchObject(none);
    await expect(deleteAccount(database, stranger, row.id)).rejects.toMatchObject(none);
    expect((await listAccounts(database, stranger, { limit: 10 })).rows).toEqual([]);
    expect(await getAccount(database, tenantId, row.id)).toEqual(row);
  });
});

describe("deleteAccount", () => {
  it("removes the account with its credentials", async () => {
    const { row } = await create();
    await deleteAccount(database, tenantId, row.id);
    expect(await database.providerAccount.count({ where: { id: row.id } })).toBe(0);
    await expect(deleteAccount(database, tenantId, row.id)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("presentAccount", () => {
  it("shows what the contract says, and no secret", async () => {
    const { row } = await create({ rate: { perSecond: 1, burst: 5 } });
    const shown = presentAccount({ sealer, publicUrl: "https://notify.acme.test" }, row);
    expect(publicAccount.strict().parse(shown)).toEqual({
      id: publicId("account", row.id),
      provider: "twilio",
      name: "Twilio",
      channels: ["sms", "whatsapp"],
      config: { ...twilio(), authToken: "••••oken" },
      order: 0,
      weight: 100,
      rate: { perSecond: 1, burst: 5 },
      enabled: true,
      receiptUrl: `https://notify.acme.test/receipts/twilio/${row.receiptToken}`,
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
    });
  });

  it("tells the path alone where there is no public URL, and none where no receipts come", async () => {
    const without = { sealer, publicUrl: null };
    const { row } = await create();
    expect(presentAccount(without, row).receiptUrl).toBe(`/receipts/twilio/${row.receiptToken}`);
    const slack = await create({ provider: "slack", config: {} });
    expect(presentAccount(without, slack.row).receiptUrl).toBeNull();
  });
});

describe("an account at a provider that this release does not know", () => {
  it("is shown without its settings, can be renamed, disabled and deleted, and nothing else", async () => {
    const { row: made } = await create({ provider: "slack", config: {} });
    const row = await database.providerAccount.update({ where: { id: made.id }, data: { provider: "pigeon" } });
    const shown = presentAccount({ sealer, publicUrl: "https://notify.acme.test" }, row);
    expect(shown).toMatchObject({ provider: "pigeon", config: {}, receiptUrl: null });
    expect((await update(row, { name: "Old pigeons", enabled: false })).row).toMatchObject({ enabled: false });
    const refusal = { code: "conflict", message: expect.stringContaining("pigeon") };
    await expect(update(row, { config: { loft: "north" } })).rejects.toMatchObject(refusal);
    await expect(update(row, { channels: ["chat"] })).rejects.toMatchObject(refusal);
    await deleteAccount(database, tenantId, row.id);
    expect(await database.providerAccount.count({ where: { id: row.id } })).toBe(0);
  });
});

it("pages through a tenant's own accounts, newest first", async () => {
  const made: string[] = [];
  for (let n = 0; n < 3; n += 1) made.unshift((await create({ provider: "slack", config: {} })).row.id);
  const first = await listAccounts(database, tenantId, { limit: 2 });
  expect(first).toMatchObject({ hasMore: true, rows: made.slice(0, 2).map((id) => ({ id })) });
  const second = await listAccounts(database, tenantId, { limit: 2, after: made[1] });
  expect(second).toMatchObject({ hasMore: false, rows: [{ id: made[2] }] });
});
