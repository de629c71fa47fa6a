import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { startTestApi, type TestApi, type TestTenant } from "../testing/start-test-api";

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
  tenant = await api.createTenant();
  const other = await api.createTenant();
  const rows = [
    { day: "2026-01-31", channel: "sms", provider: "twilio", category: "", sent: 1, units: 1 },
    { day: "2026-02-01", channel: "email", provider: "", category: "order_updates", accepted: 5 },
    {
      day: "2026-02-01",
      channel: "email",
      provider: "smtp",
      category: "order_updates",
      sent: 3,
      delivered: 2,
      failed: 1,
      units: 3,
    },
    { day: "2026-02-02", channel: "sms", provider: "", category: "", accepted: 2 },
    { day: "2026-02-02", channel: "sms", provider: "twilio", category: "", sent: 2, units: 7 },
    { day: "2026-02-02", channel: "sms", provider: "twilio", category: "", sent: 40, mode: "test" },
    { day: "2026-02-02", channel: "sms", provider: "twilio", category: "", sent: 500, tenantId: other.id },
    { day: "2026-02-28", channel: "email", provider: "smtp", category: "", sent: 2 ** 40 },
    { day: new Date().toISOString().slice(0, 10), channel: "push", provider: "fcm", category: "", sent: 9 },
  ];
  await api.database.usage.createMany({
    data: rows.map((row) => ({ mode: "live", tenantId: tenant.id, ...row, day: new Date(row.day) })),
  });
});
afterAll(() => api.close());

const usage = (query: string, key = tenant.liveKey) =>
  api.call<{ from: string; to: string; data: object[] }>("GET", `/v1/usage?${query}`, { key });

describe("GET /v1/usage", () => {
  it("adds up a span of days, its last day included", async () => {
    expect((await usage("from=2026-02-01&to=2026-02-28")).body).toEqual({
      from: "2026-02-01",
      to: "2026-02-28",
      data: [{ accepted: 7, sent: 5 + 2 ** 40, delivered: 2, failed: 1, units: 10 }],
    });
  });

  it("tells groups apart, in the order they were asked for", async () => {
    const { body } = await usage("from=2026-02-01&to=2026-02-02&groupBy=channel,provider");
    expect(body.data).toEqual([
      { channel: "email", provider: "smtp", accepted: 0, sent: 3, delivered: 2, failed: 1, units: 3 },
      { channel: "email", provider: null, accepted: 5, sent: 0, delivered: 0, failed: 0, units: 0 },
      { channel: "sms", provider: "twilio", accepted: 0, sent: 2, delivered: 0, failed: 0, units: 7 },
      { channel: "sms", provider: null, accepted: 2, sent: 0, delivered: 0, failed: 0, units: 0 },
    ]);
  });

  it("names days and what has no category", async () => {
    const { body } = await usage("from=2026-01-31&to=2026-02-01&groupBy=day,category");
    expect(body.data).toEqual([
      { day: "2026-01-31", category: null, accepted: 0, sent: 1, delivered: 0, failed: 0, units: 1 },
      { day: "2026-02-01", category: "order_updates", accepted: 5, sent: 3, delivered: 2, failed: 1, units: 3 },
    ]);
  });

  it("is about this month unless told", async () => {
    const today = new Date().toISOString().slice(0, 10);
    expect((await usage("groupBy=channel")).body).toEqual({
      from: `${today.slice(0, 7)}-01`,
      to: today,
      data: [{ channel: "push", accepted: 0, sent: 9, delivered: 0, failed: 0, units: 0 }],
    });
  });

  it("begins with the month of the last day when only that is given", async () => {
    expect((await usage("to=2026-02-01")).body).toMatchObject({ from: "2026-02-01", data: [{ sent: 3 }] });
  });

  it("counts only what the key's mode has used", async () => {
    expect((await usage("from=2026-02-01&to=2026-02-28", tenant.testKey)).body.data).toMatchObject([{ sent: 40 }]);
  });

  it("is zeros when nothing was used, and no rows in groups", async () => {
    expect((await usage("from=2020-01-01&to=2020-12-31")).body.data).toEqual([
      { accepted: 0, sent: 0, delivered: 0, failed: 0, units: 0 },
    ]);
    expect((await usage("from=2020-01-01&to=2020-12-31&groupBy=day")).body.data).toEqual([]);
  });

  it.each([
    ["from=2026-02-30", "/from"],
    ["to=0000-01-01", "/to"],
    ["from=yesterday", "/from"],
    ["from=2026-02-02&to=2026-02-01", "/from"],
    ["from=2024-01-01&to=2026-02-01", "/from"],
    ["to=2026-02-01T00:00:00Z", "/to"],
    ["groupBy=day,tenant", "/groupBy/1"],
    ["groupBy=", "/groupBy/0"],
    ["groupBy=day,day", "/groupBy"],
    ["groupBy=day&groupBy=channel", "/groupBy"],
    ["mode=test", "/mode"],
  ])("refuses ?%s", async (query, pointer) => {
    expect(await usage(query)).toMatchObject({ status: 400, body: { code: "invalid_query", errors: [{ pointer }] } });
  });
});
