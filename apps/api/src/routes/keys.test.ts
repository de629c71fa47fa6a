import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { startTestApi, type TestApi, type TestTenant } from "../testing/start-test-api";

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
  tenant = await api.createTenant();
});
afterAll(() => api.close());

interface Key {
  id: string;
  name: string;
  mode: string;
  key: string;
  revokedAt: string | null;
}

const asked = { name: "Checkout", mode: "live", scopes: ["read", "manage"] };
const create = (body: unknown = asked, key = tenant.liveKey, headers = {}) =>
  api.call<Key>("POST", "/v1/keys", { key, body, headers });
const revoke = (id: string, key = tenant.liveKey) => api.call("DELETE", `/v1/keys/${id}`, { key });
const list = (key: string) => api.call<{ data: Key[] }>("GET", "/v1/keys?limit=100", { key });

describe("POST /v1/keys", () => {
  it("answers a key that works at once, and shows it nowhere else", async () => {
    const { status, body } = await create();
    expect(status).toBe(201);
    expect(body).toMatchObject({ id: expect.stringMatching(/^key_/), ...asked, expiresAt: null, revokedAt: null });
    const listed = await list(body.key);
    expect(listed.status).toBe(200);
    expect(listed.body.data).toContainEqual(expect.objectContaining({ id: body.id, name: "Checkout" }));
    const secret = body.key.split("_")[3] ?? "";
    expect(JSON.stringify(listed.body)).not.toContain(secret);
    expect(api.logLines.join()).not.toContain(secret);
  });

  it("answers a repeated request with the same key but without its secret, which is stored nowhere", async () => {
    const headers = { "idempotency-key": "make-checkout-key" };
    const first = await create(asked, tenant.liveKey, headers);
    const again = await create(asked, tenant.liveKey, headers);
    expect(first.body.key).toMatch(/^tdg_live_/);
    expect(again).toMatchObject({ status: 201, body: { ...first.body, key: null } });
    const stored = await api.database.idempotencyKey.findMany({ where: { tenantId: tenant.id } });
    expect(JSON.stringify(stored)).toContain(first.body.id);
    expect(JSON.stringify(stored)).not.toContain(first.body.key.split("_")[3]);
    expect(await create({ ...asked, name: "Other" }, tenant.liveKey, headers)).toMatchObject({
      status: 422,
      body: { code: "idempotency_mismatch" },
    });
  });

  it("lets a test key make test keys only", async () => {
    expect(await create(asked, tenant.testKey)).toMatchObject({ status: 403, body: { code: "wrong_mode" } });
    expect(await create({ ...asked, mode: "test" }, tenant.testKey)).toMatchObject({ status: 201 });
    expect(await create({ ...asked, mode: "test" })).toMatchObject({ status: 201, body: { mode: "test" } });
  });

  it.each([
    ["no name", { ...asked, name: " " }, "/name"],
    ["no scope", { ...asked, scopes: [] }, "/scopes"],
    ["an unknown scope", { ...asked, scopes: ["admin"] }, "/scopes/0"],
    ["an unknown mode", { ...asked, mode: "prod" }, "/mode"],
    ["an end in the past", { ...asked, expiresAt: "2020-01-01T00:00:00Z" }, "/expiresAt"],
    ["an unknown field", { ...asked, tenantId: "x" }, "/tenantId"],
  ])("refuses %s", async (_, body, pointer) => {
    expect(await create(body)).toMatchObject({ status: 422, body: { code: "invalid_body", errors: [{ pointer }] } });
  });
});

describe("DELETE /v1/keys/{id}", () => {
  it("ends a key at once, keeps it in the list, and may be repeated", async () => {
    const { body } = await create();
    expect((await list(body.key)).status).toBe(200);
    expect(await revoke(body.id)).toMatchObject({ status: 204, body: null });
    expect(await list(body.key)).toMatchObject({ status: 401, body: { code: "key_revoked" } });
    expect((await list(tenant.liveKey)).body.data).toContainEqual(
      expect.objectContaining({ id: body.id, revokedAt: expect.any(String) }),
    );
    expect((await revoke(body.id)).status).toBe(204);
  });

  it("lets a test key revoke test keys only", async () => {
    const { body: live } = await create();
    const { body: test } = await create({ ...asked, mode: "test" });
    expect(await revoke(live.id, tenant.testKey)).toMatchObject({ status: 403, body: { code: "wrong_mode" } });
    expect((await list(live.key)).status).toBe(200);
    expect((await revoke(test.id, tenant.testKey)).status).toBe(204);
  });
});
