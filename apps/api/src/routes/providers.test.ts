import { newUuid, uuidOf } from "@tidings/shared/ids";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSmtpFake, type SmtpFake } from "../../../../tests/fakes/smtp-fake";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { startTestApi, type TestApi, type TestTenant } from "../testing/start-test-api";

const login = { user: "acme", password: "c4n4ry-of-the-mail-server" };

let api: TestApi;
let smtp: SmtpFake;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
  smtp = await createSmtpFake({ login });
});
afterAll(async () => {
  await api.close();
  await smtp.close();
});
beforeEach(async () => {
  tenant = await api.createTenant();
});

interface Account {
  id: string;
  config: Record<string, unknown>;
  checked: boolean;
  checkReason: string | null;
}

const server = () => ({ host: "127.0.0.1", port: smtp.port, from: "Acme <hello@acme.test>", ...login });
const create = (body: object = { provider: "smtp", config: server() }, key = tenant.liveKey, headers = {}) =>
  api.call<Account>("POST", "/v1/providers", { key, body, headers });
const call = (method: string, path: string, body?: object, key = tenant.liveKey) =>
  api.call<Account>(method, `/v1/providers/${path}`, { key, body });

describe("/v1/providers", () => {
  it("checks an account, keeps it, changes it, sends by it and removes it", async () => {
    const { status, body } = await create();
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { id: expect.stringMatching(/^acc_/), checked: true, checkReason: null, channels: ["email"] },
    });
    const listed = await api.call<{ data: Account[] }>("GET", "/v1/providers", { key: tenant.liveKey });
    expect(listed.body.data).toMatchObject([{ id: body.id, config: { host: "127.0.0.1", password: "••••rver" } }]);
    expect((await call("PATCH", body.id, { config: { port: smtp.port }, order: 5 })).body).toMatchObject({
      order: 5,
      checked: true,
    });
    const sent = await call("POST", `${body.id}/test`, { to: "ann@example.com" });
    expect(sent).toMatchObject({ status: 200, body: { outcome: "sent", reason: null } });
    expect(smtp.tally.total).toBe(1);
    expect((await call("DELETE", body.id)).status).toBe(204);
    expect((await call("GET", body.id)).status).toBe(404);
  });

  it("lists an account whose provider this release does not know, and removes it", async () => {
    const { body: kept } = await create();
    const { body: strange } = await create();
    const { id } = await api.database.providerAccount.findFirstOrThrow({
      where: { tenantId: tenant.id },
      orderBy: { id: "desc" },
    });
    await api.database.providerAccount.update({ where: { id }, data: { provider: "pigeon" } });
    const listed = await api.call<{ data: Account[] }>("GET", "/v1/providers", { key: tenant.liveKey });
    expect(listed.body.data).toMatchObject([{ id: strange.id, provider: "pigeon", config: {} }, { id: kept.id }]);
    expect(await call("POST", `${strange.id}/test`, { to: "ann@example.com" })).toMatchObject({ status: 409 });
    expect((await call("DELETE", strange.id)).status).toBe(204);
  });

  it("shows the credentials in no answer, no log line, no row and no stored answer", async () => {
    const headers = { "idempotency-key": "make-mail-account" };
    const answers: unknown[] = [await create(undefined, tenant.liveKey, headers)];
    const { id } = (answers[0] as { body: Account }).body;
    answers.push(await create(undefined, tenant.liveKey, headers));
    answers.push(
      await create({ provider: "smtp", config: { ...server(), user: "c4n4ry-user", password: login.password } }),
    );
    answers.push(await call("GET", id), await call("PATCH", id, { config: { port: 1 } }));
    answers.push(await call("PATCH", id, { config: { password: login.password, host: "10.0.0.1" } }));
    answers.push(await call("POST", `${id}/test`, { to: "ann@example.com" }));
    expect((answers[1] as { body: Account }).body.id).toBe(id);
    expect((answers[2] as { status: number }).status).toBe(422);
    expect(JSON.stringify(answers)).not.toContain(login.password);
    expect(api.logLines.join()).not.toContain("c4n4ry");
    const rows = await api.database.$queryRaw<{ text: string }[]>`
      SELECT provider_account::text AS text FROM provider_account UNION ALL SELECT idempotency_key::text FROM idempotency_key`;
    expect(rows.length).toBeGreaterThan(1);
    expect(JSON.stringify(rows)).not.toContain(login.password);
  });

  it("refuses what the provider refuses, a host of ours, and a type that does not exist", async () => {
    const config = { ...server(), password: "another-password" };
    expect(await create({ provider: "smtp", config })).toMatchObject({
      status: 422,
      body: { code: "credentials_refused", detail: expect.stringContaining("535 5.7.8") },
    });
    expect(await create({ provider: "smtp", config: { ...server(), host: "169.254.169.254" } })).toMatchObject({
      status: 422,
      body: { code: "invalid_body", errors: [{ pointer: "/config/host" }] },
    });
    for (const provider of ["pigeon", "sandbox", "in_app"]) {
      expect(await create({ provider })).toMatchObject({
        status: 422,
        body: { code: "invalid_body", errors: [{ pointer: "/provider" }] },
      });
    }
  });

  it("saves what could not be checked, and says so", async () => {
    const { status, body } = await create({ provider: "smtp", config: { ...server(), port: 1 } });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { checked: false, checkReason: expect.stringContaining("ECONNREFUSED") },
    });
  });

  it("is closed to test keys, but for a look", async () => {
    const { body } = await create();
    const closed = { status: 403, body: { code: "wrong_mode" } };
    expect(await create(undefined, tenant.testKey)).toMatchObject(closed);
    expect(await call("PATCH", body.id, { name: "Mine" }, tenant.testKey)).toMatchObject(closed);
    expect(await call("DELETE", body.id, undefined, tenant.testKey)).toMatchObject(closed);
    expect(await call("POST", `${body.id}/test`, { to: "ann@example.com" }, tenant.testKey)).toMatchObject(closed);
    expect((await call("GET", body.id, undefined, tenant.testKey)).status).toBe(200);
  });
});

describe("PUT /v1/providers/order", () => {
  const order = (tiers: string[][], key = tenant.liveKey) => call("PUT", "order", { tiers }, key);
  const orders = async (...ids: string[]) => Promise.all(ids.map(async (id) => (await call("GET", id)).body));

  it("gives several accounts their place at once, and leaves the others", async () => {
    const [a, b, c, d] = [await create(), await create(), await create(), await create()].map(({ body }) => body.id);
    const ids = [a, b, c, d] as [string, string, string, string];
    await call("PATCH", ids[3], { order: 7 });
    expect((await order([[ids[2]], [ids[0], ids[1]]])).status).toBe(204);
    expect(await orders(...ids)).toMatchObject([{ order: 1 }, { order: 1 }, { order: 0 }, { order: 7 }]);
  });

  it("changes nothing where one is another tenant's, is named twice, or the key is a test key", async () => {
    const { id } = (await create()).body;
    const stranger = await api.createTenant();
    const { body: theirs } = await create(undefined, stranger.liveKey);
    await call("PATCH", id, { order: 7 });
    expect(await order([[theirs.id], [id]])).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect(await order([[id], [id]])).toMatchObject({ status: 422, body: { errors: [{ pointer: "/tiers" }] } });
    expect(await order([["acc_1"]])).toMatchObject({ status: 422, body: { errors: [{ pointer: "/tiers/0/0" }] } });
    expect(await order([[id]], tenant.testKey)).toMatchObject({ status: 403, body: { code: "wrong_mode" } });
    expect(await orders(id)).toMatchObject([{ order: 7 }]);
    expect((await call("GET", theirs.id, undefined, stranger.liveKey)).body).toMatchObject({ order: 0 });
  });
});

describe("GET /v1/providers/{id}/health", () => {
  it("tells how the tenant's messages of the day fared, and the provider's words", async () => {
    const { id } = (await create()).body;
    expect((await call("GET", `${id}/health`)).body).toEqual({ state: "unproven", circuit: null, today: null });
    const account = uuidOf("account", id) as string;
    const startedAt = new Date();
    for (const [durationMs, outcome] of [
      [10, "sent"],
      [11, "deferred"],
    ] as const) {
      const [deliveryId, notificationId] = [newUuid(), newUuid()];
      const owned = { tenantId: tenant.id, mode: "live", channel: "email", address: "ann@example.com" };
      await api.database.delivery.create({
        data: {
          id: deliveryId,
          notificationId,
          ...owned,
          status: "SENT",
          priority: 2,
          siblings: 1,
          createdAt: startedAt,
        },
      });
      const reason = outcome === "sent" ? null : "421 try later";
      const attempt = { deliveryId, number: 1, provider: "smtp", account, outcome, reason, startedAt, durationMs };
      await api.database.attempt.create({ data: { tenantId: tenant.id, ...attempt } });
    }
    expect((await call("GET", `${id}/health`)).body).toEqual({
      state: "degraded",
      circuit: null,
      today: {
        attempts: 2,
        failed: 1,
        medianMs: 10,
        lastAt: startedAt.toISOString(),
        lastError: { reason: "421 try later", at: startedAt.toISOString() },
      },
    });
    await call("PATCH", id, { enabled: false });
    expect((await call("GET", `${id}/health`)).body).toMatchObject({ state: "disabled" });
  });
});

describe("GET /v1/provider-types", () => {
  it("gives a form for each provider, with its secrets marked", async () => {
    const { body } = await api.call<{ data: { id: string; config: object }[] }>("GET", "/v1/provider-types", {
      key: tenant.liveKey,
    });
    const byId = new Map(body.data.map((type) => [type.id, type]));
    expect(byId.size).toBeGreaterThanOrEqual(17);
    for (const id of ["sandbox", "in_app"]) expect(byId.has(id)).toBe(false);
    expect(byId.get("smtp")).toMatchObject({
      name: "SMTP",
      channels: ["email"],
      capabilities: { idempotencyKey: false, attachments: true, receipts: false, batch: false, credentialCheck: true },
      config: {
        type: "object",
        properties: { host: { format: "hostname" }, password: { writeOnly: true } },
        required: ["host", "from"],
      },
    });
    expect(byId.get("postmark")).toMatchObject({ capabilities: { attachments: true, receipts: true, batch: true } });
    expect(byId.get("resend")).toMatchObject({ capabilities: { idempotencyKey: true } });
  });
});
