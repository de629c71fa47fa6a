import { publicId, uuidOf } from "@tidings/shared/ids";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { startTestApi, type TestApi, type TestTenant } from "../testing/start-test-api";

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
});
afterAll(() => api.close());
beforeEach(async () => {
  tenant = await api.createTenant();
});

interface Accepted {
  id: string;
  status: string;
  channels: string[];
}
interface Page {
  data: { id: string; createdAt: string; requestId: string }[];
  hasMore: boolean;
  nextCursor: string | null;
}

const email = {
  channel: "email",
  recipient: { email: "ann@example.com" },
  content: { subject: "Hello", html: "<h1>Welcome</h1>" },
};
const send = (body: unknown = email, headers = {}, key = tenant.testKey) =>
  api.call<Accepted>("POST", "/v1/notifications", { key, body, headers });
const sendBatch = (notifications: unknown[], headers = {}) =>
  api.call<{ data: Record<string, unknown>[] }>("POST", "/v1/notifications/batch", {
    key: tenant.testKey,
    body: { notifications },
    headers,
  });
const get = (id: string, key = tenant.testKey) => api.call("GET", `/v1/notifications/${id}`, { key });
const list = (query = "", key = tenant.testKey) => api.call<Page>("GET", `/v1/notifications${query}`, { key });
const cancel = (id: string, key = tenant.testKey) => api.call("POST", `/v1/notifications/${id}/cancel`, { key });
const idsOf = ({ body }: { body: Page }) => body.data.map(({ id }) => id);
const rows = () => api.database.notification.findMany({ where: { tenantId: tenant.id }, orderBy: { id: "asc" } });

async function publishTemplate(key: string, draft: unknown): Promise<void> {
  const manage = { key: tenant.liveKey };
  await api.call("POST", "/v1/templates", { ...manage, body: { key, name: key, draft, category: "order_updates" } });
  expect((await api.call("POST", `/v1/templates/${key}/publish`, manage)).status).toBe(201);
}

describe("sending", () => {
  it("answers 202 once the row is written, and publishes it", async () => {
    const received: string[] = [];
    const consumer = await api.eventLog.consume({
      group: `test-${tenant.id}`,
      topics: [api.topics.direct],
      maxBatch: 10,
      handleBatch: async (messages) => void received.push(...messages.map(({ value }) => value.toString())),
    });
    const { status, body } = await send(email, { "x-request-id": "checkout-1" });
    expect(status).toBe(202);
    expect(body).toEqual({ id: expect.stringMatching(/^ntf_/), status: "PENDING", channels: ["email"] });
    const uuid = uuidOf("notification", body.id);
    expect(await rows()).toMatchObject([
      { id: uuid, mode: "test", status: "PENDING", requestId: "checkout-1", content: { email: email.content } },
    ]);
    await expect.poll(() => received.map((value) => JSON.parse(value).id)).toContain(uuid);
    await consumer.stop();
  });

  it("takes a template with data, and pins its version", async () => {
    await publishTemplate("order_shipped", {
      defaultLocale: "en",
      locales: { en: { email: { subject: "{{ orderId }}", html: "<p>{{ carrier }}</p>" }, sms: { text: "Hi" } } },
    });
    const { status, body } = await send({
      template: "order_shipped",
      recipient: { id: "usr_42", email: "ann@example.com" },
      channels: ["email"],
      data: { orderId: "ord_abc123", carrier: "FedEx" },
      priority: "high",
      sendAt: null,
    });
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: "PENDING", channels: ["email"] });
    expect((await get(body.id)).body).toMatchObject({
      template: { key: "order_shipped", version: 1 },
      category: "order_updates",
      priority: "high",
      recipient: { id: "usr_42", email: "ann@example.com" },
      data: { orderId: "ord_abc123", carrier: "FedEx" },
    });
  });

  it("uses every channel a template speaks when none is named", async () => {
    const locales = { en: { sms: { text: "Hi" }, in_app: { title: "Hi", body: "there" } } };
    await publishTemplate("greeting", { defaultLocale: "en", locales });
    const { body } = await send({ template: "greeting", recipient: { id: "usr_1" } });
    expect(body.channels.toSorted()).toEqual(["in_app", "sms"]);
  });

  it("takes content for several channels at once", async () => {
    const { status, body } = await send({
      recipient: { email: "ann@example.com", phone: "+14155550100" },
      content: { email: { subject: "Hi", text: "there" }, sms: { text: "Hi" } },
    });
    expect(status).toBe(202);
    expect(body.channels).toEqual(["email", "sms"]);
  });

  it("keeps emoji, right-to-left text and every other script as they are", async () => {
    const text = "שלום 👩‍👩‍👧‍👦 مرحبا \u202Eabc\u202C 你好 Ωμέγα é \u{1F1F5}\u{1F1F9}";
    const { body } = await send({
      ...email,
      content: { subject: text, text },
      recipient: { id: text, ...email.recipient },
    });
    expect((await get(body.id)).body).toMatchObject({
      content: { email: { subject: text, text } },
      recipient: { id: text },
    });
  });

  it("schedules what is to be sent later", async () => {
    const sendAt = new Date(Date.now() + 3_600_000);
    const { status, body } = await send({ ...email, sendAt: sendAt.toISOString() });
    expect(status).toBe(202);
    expect(body.status).toBe("SCHEDULED");
    const due = await api.database.schedule.findMany({ where: { tenantId: tenant.id } });
    expect(due).toMatchObject([{ notificationId: uuidOf("notification", body.id), dueAt: sendAt }]);
  });

  it("sends at once what was to be sent a moment ago", async () => {
    const { body } = await send({ ...email, sendAt: new Date(Date.now() - 5_000).toISOString() });
    expect(body.status).toBe("PENDING");
  });

  it("names a request by itself when the caller's own name is no name", async () => {
    const { headers } = await send(email, { "x-request-id": "two words" });
    expect(headers.get("x-request-id")).toMatch(/^req_[0-9a-f-]{36}$/);
    expect(await rows()).toMatchObject([{ requestId: headers.get("x-request-id") }]);
  });

  it("tells what is left of the tenant's limit, and refuses what is beyond it", async () => {
    await api.database.tenant.update({ where: { id: tenant.id }, data: { requestsPerSecond: 5 } });
    const answers = await Promise.all(Array.from({ length: 30 }, () => send()));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.body).toMatchObject({ code: "rate_limited", status: 429 });
    expect(refused[0]?.headers.get("retry-after")).toBe("1");
    for (const { headers } of answers) {
      expect(headers.get("ratelimit-policy")).toBe('"tenant";q=5;w=1');
      expect(headers.get("ratelimit")).toMatch(/^"tenant";r=\d;t=1$/);
    }
    expect(await rows()).toHaveLength(answers.length - refused.length);
  });
});

describe("an Idempotency-Key", () => {
  it("used fifty times at once makes one notification and fifty equal answers", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(email, { "idempotency-key": "order-1" })));
    const [first] = answers;
    expect(first?.status).toBe(202);
    for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 202, body: first?.body });
    expect(await rows()).toMatchObject([
      { id: uuidOf("notification", first?.body.id ?? ""), idempotencyKey: "order-1" },
    ]);
  });

  it("is answered again with what it was first answered", async () => {
    const first = await send(email, { "idempotency-key": "order-2" });
    const again = await send(email, { "idempotency-key": "order-2" });
    expect(again).toMatchObject({ status: 202, body: first.body });
    expect(await rows()).toHaveLength(1);
  });

  it("used with another body is refused, in the same moment too", async () => {
    const other = { ...email, priority: "low" };
    const answers = await Promise.all(
      [email, other, other].map((body) => send(body, { "idempotency-key": "order-3" })),
    );
    const statuses = answers.map(({ status }) => status).toSorted();
    expect([
      [202, 202, 422],
      [202, 422, 422],
    ]).toContainEqual(statuses);
    const refused = answers.find(({ status }) => status === 422);
    expect(refused?.body).toMatchObject({ code: "idempotency_mismatch" });
    expect(await rows()).toHaveLength(1);
  });

  it("belongs to its tenant and its mode alone", async () => {
    const other = await api.createTenant();
    const keys = [tenant.testKey, tenant.liveKey, other.testKey, other.liveKey];
    const answers = await Promise.all(keys.map((key) => send(email, { "idempotency-key": "order-4" }, key)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(4);
  });

  it("keeps nothing of a request that was refused", async () => {
    const refused = await send({ ...email, priority: "huge" }, { "idempotency-key": "order-5" });
    expect(refused.status).toBe(422);
    expect((await send(email, { "idempotency-key": "order-5" })).status).toBe(202);
  });

  it("makes a batch once, refused items and all", async () => {
    const items = [email, { ...email, channel: "pigeon" }, email];
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => sendBatch(items, { "idempotency-key": "bulk-1" })),
    );
    for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 202, body: answers[0]?.body });
    expect(await rows()).toHaveLength(2);
    expect(await sendBatch([email], { "idempotency-key": "bulk-1" })).toMatchObject({
      status: 422,
      body: { code: "idempotency_mismatch" },
    });
  });
});

describe("a batch", () => {
  it("has an answer for every item in order, and accepts the good ones", async () => {
    const { status, body } = await sendBatch([
      email,
      { ...email, recipient: { email: "nobody" } },
      { template: "unheard_of", recipient: { id: "usr_1" } },
      { ...email, sendAt: "2999-01-01T00:00:00Z" },
      "not even an object",
      { channel: "sms", recipient: { phone: "+14155550100" }, content: { text: "Hi" } },
    ]);
    expect(status).toBe(202);
    expect(body.data).toMatchObject([
      { index: 0, id: expect.stringMatching(/^ntf_/), status: "PENDING", channels: ["email"] },
      { index: 1, error: { status: 422, code: "invalid_body", errors: [{ pointer: "/recipient/email" }] } },
      { index: 2, error: { code: "template_not_found", errors: [{ pointer: "/template" }] } },
      { index: 3, error: { code: "send_at_out_of_range", errors: [{ pointer: "/sendAt" }] } },
      { index: 4, error: { code: "invalid_body", errors: [{ pointer: "" }] } },
      { index: 5, id: expect.stringMatching(/^ntf_/), channels: ["sms"] },
    ]);
    expect((await rows()).map(({ id }) => publicId("notification", id))).toEqual([body.data[0]?.id, body.data[5]?.id]);
  });

  it("takes a thousand items", async () => {
    const { status, body } = await sendBatch(
      Array.from({ length: 1_000 }, (_, index) => ({
        channel: "sms",
        recipient: { phone: `+1415555${String(index).padStart(4, "0")}` },
        content: { text: "Hi" },
      })),
    );
    expect(status).toBe(202);
    expect(body.data.map(({ index }) => index)).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
    expect(await rows()).toHaveLength(1_000);
  });

  it("is refused as a whole when no item is good, with a pointer to each", async () => {
    const answer = await sendBatch([
      { ...email, content: { subject: "no body" } },
      { ...email, locale: "xx-nonsense-x" },
    ]);
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: "invalid_body",
        errors: [{ pointer: "/notifications/0/content" }, { pointer: "/notifications/1/locale" }],
      },
    });
    expect(await rows()).toEqual([]);
  });

  it("goes where bulk goes, unless it is urgent", async () => {
    await sendBatch([email, { ...email, priority: "critical" }]);
    await send();
    expect((await rows()).map(({ bulk }) => bulk)).toEqual([true, false, false]);
  });
});

describe("the list", () => {
  it("is read page by page, newest first, each notification once", async () => {
    const { body } = await sendBatch(Array.from({ length: 7 }, () => email));
    const sent = body.data.map(({ id }) => id);
    const seen: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page: { body: Page } = await list(`?limit=3${cursor ? `&cursor=${cursor}` : ""}`);
      seen.push(...idsOf(page));
      expect(page.body.hasMore).toBe(page.body.nextCursor !== null);
      cursor = page.body.nextCursor;
      pages += 1;
    } while (cursor);
    expect(seen).toEqual(sent.toReversed());
    expect(pages).toBe(3);
  });

  it("holds what fits every filter, and nothing else", async () => {
    await publishTemplate("receipt", { defaultLocale: "en", locales: { en: { sms: { text: "Hi" } } } });
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const { body: one } = await send({ ...email, category: "promotions", sendAt: later }, { "x-request-id": "wanted" });
    const { body: two } = await send({ template: "receipt", recipient: { id: "usr_7", phone: "+14155550100" } });
    const { headers } = await send({ ...email, recipient: { id: "usr_8", ...email.recipient } });
    const { body: all } = await list();
    const [three, , first] = all.data;
    const found = async (query: string) => idsOf(await list(`?${query}`));

    expect(await found("status=SCHEDULED")).toEqual([one.id]);
    expect(await found("channel=sms")).toEqual([two.id]);
    expect(await found("recipient=usr_7")).toEqual([two.id]);
    expect(await found("template=receipt")).toEqual([two.id]);
    expect(await found("category=promotions")).toEqual([one.id]);
    expect(await found("requestId=wanted")).toEqual([one.id]);
    expect(await found(`requestId=${headers.get("x-request-id")}`)).toEqual([three?.id]);
    expect(await found("channel=email&status=PENDING")).toEqual([three?.id]);
    expect(await found("channel=sms&status=SCHEDULED")).toEqual([]);
    expect(await found(`since=${first?.createdAt}&until=${later}`)).toEqual([three?.id, two.id, first?.id]);
    expect(await found(`until=${three?.createdAt}`)).not.toContain(three?.id);
    expect(await found(`until=${encodeURIComponent("2020-01-01T00:00:00+01:00")}`)).toEqual([]);
    expect(await found("since=0000-01-01T00:00:00Z&until=9999-12-31T23:59:59-23:59")).toHaveLength(3);
    expect(await found("requestId=req_00000000-0000-0000-0000-000000000000")).toEqual([]);
    expect(await found("requestId=req_ffffffff-ffff-7fff-bfff-ffffffffffff")).toEqual([]);
  });

  it("finds a notification by an address it went to", async () => {
    const { body } = await send();
    await send();
    const notificationId = uuidOf("notification", body.id) as string;
    await api.database.delivery.create({
      data: {
        id: notificationId,
        tenantId: tenant.id,
        mode: "test",
        notificationId,
        channel: "email",
        address: "ann@example.com",
        status: "QUEUED",
        priority: 2,
        siblings: 1,
        createdAt: new Date(),
      },
    });
    expect(idsOf(await list("?address=ann@example.com"))).toEqual([body.id]);
    expect(idsOf(await list("?address=bob@example.com"))).toEqual([]);
  });

  it("shows a key nothing of the other mode or of another tenant", async () => {
    const { body } = await send();
    const other = await api.createTenant();
    expect(idsOf(await list())).toEqual([body.id]);
    for (const key of [tenant.liveKey, other.testKey]) {
      expect(idsOf(await list("", key))).toEqual([]);
      for (const answer of [await get(body.id, key), await cancel(body.id, key)]) {
        expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
      }
    }
    expect((await get(body.id)).body).toMatchObject({ id: body.id, status: "PENDING", deliveries: [] });
  });
});

describe("canceling", () => {
  it("ends what is scheduled or pending, and may be repeated", async () => {
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    for (const request of [{ ...email, sendAt }, email]) {
      const { body } = await send(request);
      const canceled = await cancel(body.id);
      expect(canceled).toMatchObject({ status: 200, body: { id: body.id, status: "CANCELED" } });
      expect(await cancel(body.id)).toMatchObject({ status: 200, body: canceled.body });
    }
    expect(await api.database.schedule.findMany({ where: { tenantId: tenant.id } })).toEqual([]);
  });

  it("comes too late for what is being processed", async () => {
    const { body } = await send();
    const id = uuidOf("notification", body.id) as string;
    await api.database.notification.updateMany({ where: { tenantId: tenant.id, id }, data: { status: "PROCESSING" } });
    expect(await cancel(body.id)).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(await rows()).toMatchObject([{ status: "PROCESSING" }]);
  });
});

describe("sending again", () => {
  const resend = (id: string, headers = {}) =>
    api.call<Accepted>("POST", `/v1/notifications/${id}/resend`, { key: tenant.testKey, headers });
  const settle = (id: string) =>
    api.database.notification.updateMany({
      where: { tenantId: tenant.id, id: uuidOf("notification", id) as string },
      data: { status: "FAILED", settledAt: new Date() },
    });

  it("accepts the same once more, with the version that was pinned, and says what it repeats", async () => {
    const draft = (text: string) => ({ defaultLocale: "en", locales: { en: { sms: { text } } } });
    await publishTemplate("code", draft("{{ code }}"));
    const body = { template: "code", recipient: { id: "ann", phone: "+14155550100" }, data: { code: "7" } };
    const first = await send({ ...body, locale: "pt", priority: "critical", category: "codes" });
    await settle(first.body.id);
    await api.call("PATCH", "/v1/templates/code", { key: tenant.liveKey, body: { draft: draft("new {{ code }}") } });
    await api.call("POST", "/v1/templates/code/publish", { key: tenant.liveKey });

    const again = await resend(first.body.id);
    expect(again).toMatchObject({ status: 202, body: { status: "PENDING", channels: ["sms"] } });
    const [before, after] = await rows();
    const { id, status, settledAt, createdAt, requestId, resendOf, ...same } = before ?? expect.fail("it is gone");
    expect(after).toMatchObject({ ...same, status: "PENDING", settledAt: null, resendOf: id });
    expect(after?.requestId).not.toBe(requestId);
    expect((await get(again.body.id)).body).toMatchObject({ resendOf: first.body.id, template: { version: 1 } });
  });

  it("is accepted once however often it is asked for with one key", async () => {
    const { body } = await send();
    await settle(body.id);
    const headers = { "idempotency-key": "again-1" };
    const answers = await Promise.all([resend(body.id, headers), resend(body.id, headers), resend(body.id, headers)]);
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(await rows()).toHaveLength(2);
  });

  it("is refused while the first is on its way, and once its person was erased", async () => {
    const { body } = await send({ ...email, recipient: { id: "ann", ...email.recipient } });
    expect(await resend(body.id)).toMatchObject({ status: 409, body: { code: "conflict" } });
    await settle(body.id);
    const erasure = { person: { id: "ann" } };
    await api.call("POST", "/v1/people/erase", { key: tenant.liveKey, body: erasure });
    const refused = await resend(body.id);
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining("erased") } });
  });
});
