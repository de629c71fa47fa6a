import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { newUuid } from "@tidings/shared/ids";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { endpointField } from "../endpoints/endpoint-secret";
import { openConfig, sealConfig } from "../providers/settings/account-config";
import { rotateSecrets } from "./rotate-secrets";
import { createSealer } from "./sealer";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 3, applicationName: "test" });
afterAll(() => database.$disconnect());
const lines: string[] = [];
const logger = createLogger({ name: "test", level: "info", destination: { write: (line) => void lines.push(line) } });

const [older, newer] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const before = createSealer([older]);
const sealer = createSealer([newer, older]);
const after = createSealer([newer]);

let tenantId: string;
beforeEach(async () => {
  lines.length = 0;
  await database.tenant.deleteMany(); // rotating is about all tenants
  tenantId = (await createTestTenant(database)).id;
});

async function makeAccount(sealedWith = before): Promise<string> {
  const id = newUuid();
  const sealedConfig = sealConfig(sealedWith, { id, tenantId }, { apiKey: id });
  const data = { id, tenantId, provider: "resend", name: "n", channels: [], sealedConfig, receiptToken: id };
  await database.providerAccount.create({ data });
  return id;
}

async function makeEndpoint(): Promise<string> {
  const id = newUuid();
  const seal = (field: "secret" | "previous_secret" | "headers") =>
    before.seal(`${field} of ${id}`, endpointField({ id, tenantId }, field));
  const sealed = {
    sealedSecret: seal("secret"),
    sealedPreviousSecret: seal("previous_secret"),
    sealedHeaders: seal("headers"),
  };
  await database.endpoint.create({
    data: { id, tenantId, mode: "live", url: "https://a.test", events: [], ...sealed },
  });
  return id;
}

const rotate = (batch?: number) => rotateSecrets({ database, sealer, logger }, batch);

test("everything sealed with an older secret opens with the new one alone afterwards", async () => {
  const accounts = [await makeAccount(), await makeAccount(), await makeAccount(after)];
  const endpoint = await makeEndpoint();
  expect(await rotate(2)).toEqual([
    { column: "provider_account.sealed_config", renewed: 2, current: 1, unreadable: 0 },
    { column: "endpoint.sealed_secret", renewed: 1, current: 0, unreadable: 0 },
    { column: "endpoint.sealed_previous_secret", renewed: 1, current: 0, unreadable: 0 },
    { column: "endpoint.sealed_headers", renewed: 1, current: 0, unreadable: 0 },
  ]);
  for (const id of accounts) {
    const row = await database.providerAccount.findUniqueOrThrow({ where: { id } });
    expect(openConfig(after, row)).toEqual({ apiKey: id });
  }
  const row = await database.endpoint.findUniqueOrThrow({ where: { id: endpoint } });
  const open = (sealed: string | null, field: "secret" | "previous_secret" | "headers") =>
    after.open(sealed ?? "", endpointField(row, field));
  expect(open(row.sealedSecret, "secret")).toBe(`secret of ${endpoint}`);
  expect(open(row.sealedPreviousSecret, "previous_secret")).toBe(`previous_secret of ${endpoint}`);
  expect(open(row.sealedHeaders, "headers")).toBe(`headers of ${endpoint}`);
});

test("what was done is not done again", async () => {
  await makeAccount();
  await rotate();
  const [stored] = await database.providerAccount.findMany();
  expect((await rotate())[0]).toEqual({
    column: "provider_account.sealed_config",
    renewed: 0,
    current: 1,
    unreadable: 0,
  });
  expect(await database.providerAccount.findMany()).toEqual([stored]);
});

test("an account is not told apart from before, so that nobody connects anew", async () => {
  const id = await makeAccount();
  const { updatedAt } = await database.providerAccount.findUniqueOrThrow({ where: { id } });
  await rotate();
  expect(await database.providerAccount.findUniqueOrThrow({ where: { id } })).toMatchObject({ updatedAt });
});

test("what nobody can open stays, is counted and named, and holds up nothing", async () => {
  const lost = await makeAccount(createSealer([Buffer.alloc(32, 9)]));
  await makeAccount();
  expect((await rotate())[0]).toMatchObject({ renewed: 1, unreadable: 1 });
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ id: lost, msg: "a sealed text could not be opened" });
});

test("a text that is written meanwhile is left as it was written", async () => {
  const id = await makeAccount();
  const sealedConfig = sealConfig(after, { id, tenantId }, { apiKey: "written meanwhile" });
  let rotating: ReturnType<typeof rotate> | undefined;
  await database.$transaction(async (transaction) => {
    await transaction.providerAccount.update({ where: { id }, data: { sealedConfig } });
    rotating = rotate();
    await vi.waitFor(async () => {
      const waiting = await database.$queryRaw<unknown[]>`
        SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      expect(waiting).toHaveLength(1);
    });
  });
  expect((await rotating)?.[0]).toMatchObject({ renewed: 0 });
  expect(openConfig(after, await database.providerAccount.findUniqueOrThrow({ where: { id } }))).toEqual({
    apiKey: "written meanwhile",
  });
});
