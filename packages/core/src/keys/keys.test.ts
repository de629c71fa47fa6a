import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid, publicId } from "@tidings/shared/ids";
import { afterAll, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { createKey } from "./create-key";
import { parseKey } from "./key-format";
import { type CreateKeyBody, createKeyBody, publicKey } from "./key-schemas";
import { listKeys } from "./list-keys";
import { presentKey } from "./present-key";
import { revokeKey } from "./revoke-key";
import { createSecretHasher } from "./secret-hasher";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
const hasher = createSecretHasher({ pepper: Buffer.alloc(32, 1) });
afterAll(() => Promise.all([hasher.close(), database.$disconnect()]));
const [tenant, otherTenant] = [await createTestTenant(database), await createTestTenant(database)];

const body = { name: "Checkout", mode: "live", scopes: ["send", "read"], expiresAt: null } as const;
const makeKey = (tenantId = tenant.id) =>
  createKey({ database, hasher }, tenantId, { ...body, scopes: [...body.scopes] });

describe("createKey", () => {
  it("gives the text once and stores nothing from which the secret could be read", async () => {
    const { row, text } = await makeKey();
    const parts = parseKey(text);
    expect(parts).toMatchObject({ mode: "live", keyId: row.keyId });
    const [stored] = await database.$queryRaw<[{ row: string }]>`
      SELECT api_key::text AS row FROM api_key WHERE id = ${row.id}::uuid`;
    expect(stored.row).toContain(row.keyId);
    expect(stored.row).not.toContain(parts?.secret);
    expect(await hasher.verify(parts?.secret ?? "", row.secretHash)).toBe(true);
  });
});

describe("presentKey", () => {
  it("shows what the contract says, and nothing of the secret", async () => {
    const { row, text } = await makeKey();
    const shown = presentKey(row);
    expect(publicKey.strict().parse(shown)).toEqual({
      id: publicId("key", row.id),
      name: "Checkout",
      mode: "live",
      scopes: ["send", "read"],
      prefix: `${text.slice(0, 26)}…`,
      createdAt: row.createdAt.toISOString(),
      expiresAt: null,
      lastUsedAt: null,
      revokedAt: null,
    });
    expect(JSON.stringify(shown)).not.toContain(row.secretHash);
  });
});

describe("listKeys", () => {
  it("pages through a tenant's own keys, newest first", async () => {
    const { id: tenantId } = await createTestTenant(database);
    const made: string[] = [];
    for (let n = 0; n < 5; n += 1) made.unshift((await makeKey(tenantId)).row.id);

    const listed: string[] = [];
    for (let after: string | undefined, hasMore = true; hasMore; ) {
      const page = await listKeys(database, tenantId, { limit: 2, after });
      listed.push(...page.rows.map(({ id }) => id));
      after = listed.at(-1);
      hasMore = page.hasMore;
      expect(page.rows.length).toBeLessThanOrEqual(2);
    }
    expect(listed).toEqual(made);
  });

  it("leaves out the other mode's, the revoked and the expired when asked to", async () => {
    const { id: tenantId } = await createTestTenant(database);
    const make = (rest: Partial<CreateKeyBody> = {}) =>
      createKey({ database, hasher }, tenantId, { name: "n", mode: "live", scopes: ["read"], ...rest });
    const { row: usable } = await make({ expiresAt: new Date(Date.now() + 60_000) });
    await make({ expiresAt: new Date(Date.now() - 1) });
    await make({ mode: "test" });
    await revokeKey(database, tenantId, (await make()).row.id);

    const page = await listKeys(database, tenantId, { limit: 10 }, { mode: "live", usable: true });
    expect(page.rows.map(({ id }) => id)).toEqual([usable.id]);
  });
});

describe("revokeKey", () => {
  it("ends a key once, whatever is repeated", async () => {
    const { row } = await makeKey();
    const first = await revokeKey(database, tenant.id, row.id);
    expect(first.revokedAt).toBeInstanceOf(Date);
    expect(await revokeKey(database, tenant.id, row.id)).toEqual(first);
  });

  it("knows no key of another tenant, and leaves it alone", async () => {
    const { row } = await makeKey(otherTenant.id);
    await expect(revokeKey(database, tenant.id, row.id)).rejects.toMatchObject({ code: "not_found" });
    await expect(revokeKey(database, tenant.id, newUuid())).rejects.toMatchObject({ code: "not_found" });
    expect((await database.apiKey.findUniqueOrThrow({ where: { id: row.id } })).revokedAt).toBeNull();
  });
});

describe("createKeyBody", () => {
  const good = { name: "k", mode: "test", scopes: ["read"] };

  it("takes a name, a mode and scopes, with or without an end", () => {
    const expiresAt = "2100-01-01T00:00:00+02:00";
    expect(createKeyBody.parse(good)).toEqual(good);
    expect(createKeyBody.parse({ ...good, expiresAt: null }).expiresAt).toBeNull();
    expect(createKeyBody.parse({ ...good, expiresAt }).expiresAt).toEqual(new Date(expiresAt));
  });

  it.each([
    ["an unknown field", { ...good, tenantId: "x" }],
    ["an empty name", { ...good, name: " " }],
    ["a name that cannot be stored", { ...good, name: "a\u0000" }],
    ["an unknown mode", { ...good, mode: "prod" }],
    ["no scope", { ...good, scopes: [] }],
    ["a scope twice", { ...good, scopes: ["read", "read"] }],
    ["an end in the past", { ...good, expiresAt: "2020-01-01T00:00:00Z" }],
    ["an end that is no time", { ...good, expiresAt: "tomorrow" }],
  ])("refuses %s", (_, input) => expect(createKeyBody.safeParse(input).success).toBe(false));
});
