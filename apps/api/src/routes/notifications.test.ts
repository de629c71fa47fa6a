import { publicId, uuidOf } from "@tidings/shared/ids";
import { describe, expect, it } from "vitest";
import { email, useNotifications } from "../testing/use-notifications";

const { at, send, sendBatch, get, rows, publishTemplate } = useNotifications();

describe("sending", () => {
  it("answers 202 once the row is written, and publishes it", async () => {
    const received: string[] = [];
    const consumer = await at.api.eventLog.consume({
      group: `test-${at.tenant.id}`,
      topics: [at.api.topics.direct],
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
    const due = await at.api.database.schedule.findMany({ where: { tenantId: at.tenant.id } });
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
    await at.api.database.tenant.update({ where: { id: at.tenant.id }, data: { requestsPerSecond: 5 } });
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
    const other = await at.api.createTenant();
    const keys = [at.tenant.testKey, at.tenant.liveKey, other.testKey, other.liveKey];
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
