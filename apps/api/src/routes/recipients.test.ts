import { newUuid } from "@tidings/shared/ids";
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

interface Recipient {
  id: string;
  devices: { id: string; token: string; platform: string; createdAt: string }[];
}

const put = (id: string, body: unknown, key = tenant.liveKey) =>
  api.call<Recipient>("PUT", `/v1/recipients/${encodeURIComponent(id)}`, { key, body });
const get = (id: string, key = tenant.liveKey) =>
  api.call<Recipient>("GET", `/v1/recipients/${encodeURIComponent(id)}`, { key });
const tokensOf = async (id: string) => (await get(id)).body.devices.map(({ token }) => token);
const device = (token: string) => ({ token, platform: "ios" });

describe("PUT /v1/recipients/{id}", () => {
  it("stores all that was given, in the form it is used in", async () => {
    const answer = await put("usr_42", {
      email: "Ann@EXAMPLE.com",
      phone: "+14155550100",
      url: "https://example.com/hook",
      locale: "pt-br",
      timeZone: "Europe/Lisbon",
      data: { firstName: "Ann", tags: ["🦊", "مرحبا"] },
      devices: [{ token: "device-token-1", platform: "android" }],
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      id: "usr_42",
      email: "Ann@example.com",
      phone: "+14155550100",
      url: "https://example.com/hook",
      locale: "pt-BR",
      timeZone: "Europe/Lisbon",
      data: { firstName: "Ann", tags: ["🦊", "مرحبا"] },
      devices: [
        {
          id: expect.stringMatching(/^dev_/),
          token: "device-token-1",
          platform: "android",
          createdAt: expect.any(String),
        },
      ],
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect((await get("usr_42")).body).toEqual(answer.body);
  });

  it("replaces the whole recipient, devices included", async () => {
    await put("usr_42", {
      email: "ann@example.com",
      locale: "en",
      data: { a: 1 },
      devices: [device("device-token-1")],
    });
    const { body } = await put("usr_42", { phone: "+14155550100", email: null });
    expect(body).toMatchObject({ phone: "+14155550100", locale: null, data: {}, devices: [] });
    expect(body).not.toHaveProperty("email");
  });

  it("keeps the devices that are given again as they are", async () => {
    const first = await put("usr_42", { devices: [device("device-token-1"), device("device-token-2")] });
    const second = await put("usr_42", { devices: [device("device-token-3"), device("device-token-1")] });
    expect(second.body.devices[0]).toEqual(first.body.devices[0]);
    expect(second.body.devices.map(({ token }) => token)).toEqual(["device-token-1", "device-token-3"]);
  });

  it("moves a device over from the recipient who had it", async () => {
    await put("usr_1", { devices: [device("device-shared"), device("device-of-1")] });
    await put("usr_2", { devices: [device("device-shared")] });
    expect(await tokensOf("usr_1")).toEqual(["device-of-1"]);
    expect(await tokensOf("usr_2")).toEqual(["device-shared"]);
  });

  it("forgets the device that is deleted, and no other recipient's", async () => {
    const { body } = await put("usr_1", { devices: [device("device-token-1"), device("device-token-2")] });
    await put("usr_2", {});
    const remove = (id: string) =>
      api.call("DELETE", `/v1/recipients/${id}/devices/${body.devices[0]?.id}`, { key: tenant.liveKey });
    expect(await remove("usr_2")).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect((await remove("usr_1")).status).toBe(204);
    expect(await tokensOf("usr_1")).toEqual(["device-token-2"]);
    expect((await remove("usr_1")).status).toBe(404);
  });

  it("leaves another tenant's device with the same token alone", async () => {
    const other = await api.createTenant();
    await put("usr_1", { devices: [device("device-shared")] }, other.liveKey);
    await put("usr_1", { devices: [device("device-shared")] });
    expect((await get("usr_1", other.liveKey)).body.devices).toHaveLength(1);
  });

  it("gives each device to one of the recipients who claim it at the same time", async () => {
    const tokens = ["device-token-a", "device-token-b", "device-token-c", "device-token-d"];
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => {
        const shuffled = tokens.toSorted(() => Math.random() - 0.5);
        return put(`usr_${n % 3}`, { devices: shuffled.slice(n % 2).map(device) });
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const held = (await Promise.all(["usr_0", "usr_1", "usr_2"].map(tokensOf))).flat();
    expect(held).toHaveLength(new Set(held).size);
  });

  it("takes any id a tenant may have, in both modes", async () => {
    const id = "acme/user 42 ✓?#&%";
    expect((await put(id, { email: "ann@example.com" })).body.id).toBe(id);
    expect((await get(id, tenant.testKey)).body).toMatchObject({ id, email: "ann@example.com" });
  });

  it.each([
    ["an email address", { email: "ann" }, "/email"],
    ["a phone number", { phone: "+1415555010" }, "/phone"],
    ["a locale", { locale: "not a locale" }, "/locale"],
    ["a time zone", { timeZone: "Mars/Olympus" }, "/timeZone"],
    ["a platform", { devices: [{ token: "device-token-1", platform: "toaster" }] }, "/devices/0/platform"],
    ["a device token", { devices: [{ token: "x", platform: "web" }] }, "/devices/0/token"],
    ["a device named twice", { devices: [device("device-token-1"), device("device-token-1")] }, "/devices"],
    ["an unknown field", { mail: "ann@example.com" }, "/mail"],
    ["a token outside of devices", { deviceToken: "device-token-1" }, "/deviceToken"],
    ["data that is no object", { data: [1] }, "/data"],
    ["data over 16 KB", { data: { text: "é".repeat(8_192) } }, "/data"],
    ["text that can't be stored", { data: { text: "a\u0000" } }, "/data/text"],
  ])("refuses %s that is wrong, and points to it", async (_, body, pointer) => {
    const answer = await put("usr_refused", body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: "invalid_body", errors: [{ pointer }] });
    expect((await get("usr_refused")).status).toBe(404);
  });

  it("refuses an id with control characters, or too long a one", async () => {
    for (const id of ["a\nb", "a\u0000b", "x".repeat(129)]) {
      expect(await put(id, { email: "ann@example.com" })).toMatchObject({ status: 404, body: { code: "not_found" } });
    }
  });
});

describe("DELETE /v1/recipients/{id}", () => {
  it("forgets the recipient, the devices and both inboxes", async () => {
    const recipientId = "usr_leaving";
    await put(recipientId, { devices: [device("device-leaving")] });
    for (const mode of ["live", "test"]) {
      await api.database.inboxItem.create({
        data: { id: newUuid(), tenantId: tenant.id, mode, recipientId, title: "t", body: "b" },
      });
    }
    const remove = () => api.call("DELETE", `/v1/recipients/${recipientId}`, { key: tenant.liveKey });
    expect(await remove()).toMatchObject({ status: 204, body: null });
    expect((await get(recipientId)).status).toBe(404);
    expect(await api.database.device.count({ where: { tenantId: tenant.id, recipientId } })).toBe(0);
    expect(await api.database.inboxItem.count({ where: { tenantId: tenant.id, recipientId } })).toBe(0);
    expect((await remove()).status).toBe(404);
  });
});

describe("GET /v1/recipients", () => {
  it("gives every recipient once, page by page", async () => {
    const { liveKey: key } = await api.createTenant();
    const ids = ["a", "B", "ü", "10", "9", "z_1"];
    for (const id of ids) await put(id, {}, key);
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await api.call<{ data: Recipient[]; nextCursor: string | null; hasMore: boolean }>(
        "GET",
        `/v1/recipients?limit=2${cursor && `&cursor=${cursor}`}`,
        { key },
      );
      expect(body.hasMore).toBe(body.nextCursor !== null);
      seen.push(...body.data.map(({ id }) => id));
      cursor = body.nextCursor ?? "";
    } while (cursor);
    expect(seen).toHaveLength(ids.length);
    expect(new Set(seen)).toEqual(new Set(ids));
  });

  it.each(["limit=0", "limit=101", "limit=x", "cursor=!", "page=2"])("refuses ?%s", async (query) => {
    const { status } = await api.call("GET", `/v1/recipients?${query}`, { key: tenant.liveKey });
    expect(status).toBe(400);
  });
});
