import { randomBytes } from "node:crypto";
import { topicsOf } from "@tidings/core/pipeline/topics";
import { createEventLog, type EventLogSettings } from "@tidings/runtime/event-log/create-event-log";
import { createLogger } from "@tidings/runtime/logger";
import { newUuid, publicId, uuidOf } from "@tidings/shared/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMail } from "../fakes/read-mail";
import { createSmtpFake, type SmtpFake, type SmtpMessage } from "../fakes/smtp-fake";
import { createTwilioFake } from "../fakes/twilio-fake";
import { type Pipeline, startPipeline, type TestTenant } from "./start-pipeline";

let pipeline: Pipeline;
let smtp: SmtpFake;
let twilio: Awaited<ReturnType<typeof createTwilioFake>>;
const texts: { text: string; atMs: number }[] = [];
const mails: SmtpMessage[] = [];
let tenant: TestTenant;

beforeAll(async () => {
  smtp = await createSmtpFake({ onMessage: (mail) => mails.push(mail) });
  twilio = await createTwilioFake({ onMessage: ({ text }) => texts.push({ text, atMs: performance.now() }) });
  const email = { provider: "smtp", config: { host: "127.0.0.1", port: smtp.port, from: "Demo <demo@example.com>" } };
  const sms = {
    provider: "twilio",
    config: { accountSid: "AC0123456789", authToken: "t0ken", from: "+14155550100", apiUrl: twilio.url },
    rate: { perSecond: 2, burst: 1 },
  };
  pipeline = await startPipeline({ PROVIDER_ACCOUNTS: JSON.stringify([email, sms]) });
  tenant = await pipeline.createTenant();
});
afterAll(async () => {
  await pipeline?.stop();
  await smtp?.close();
  await twilio?.close();
});

async function accept(key: string, body: object): Promise<string> {
  const answer = await pipeline.call<{ id: string }>(key, "POST", "/v1/notifications", body);
  expect(answer).toMatchObject({ status: 202 });
  return answer.body.id;
}
const email = (to: string, more: object = {}) => ({
  channel: "email",
  recipient: { email: to },
  content: { subject: "Hello", text: "Hi" },
  ...more,
});

describe("a notification", () => {
  it.each([
    ["email", { email: "delivered@example.com" }, { subject: "Hello", html: "<p>Hi</p>" }],
    ["sms", { phone: "+14155550100" }, { text: "Hi" }],
    ["whatsapp", { phone: "+14155550100" }, { text: "Hi" }],
    ["push", { deviceToken: "device-token-1" }, { title: "Hello", body: "Hi" }],
    ["in_app", { id: "usr_1" }, { title: "Hello", body: "Hi" }],
    ["webhook", { url: "https://example.com/hook" }, { payload: { hello: "hi" } }],
    ["chat", { chatUrl: "https://hooks.slack.com/services/T0/B0/x" }, { text: "Hi" }],
  ])("goes by %s through the sandbox, and its story can be read", async (channel, recipient, content) => {
    const id = await accept(tenant.testKey, { channel, recipient, content });
    const story = await pipeline.settled(tenant.testKey, id);
    expect(story).toMatchObject({
      status: "SENT",
      deliveries: [{ channel, status: "SENT", provider: "sandbox", attempts: [{ number: 1, outcome: "sent" }] }],
    });
    expect(story.timeline.map((entry) => entry.event)).toEqual([
      "notification.accepted",
      "notification.processing",
      "delivery.queued",
      "attempt.sent",
      "delivery.sent",
      "notification.sent",
    ]);
  });

  it("goes out by SMTP with a live key", async () => {
    const id = await accept(
      tenant.liveKey,
      email("ann@example.com", { content: { subject: "Olá 👋 שלום", html: "<h1>Welcome</h1>" } }),
    );
    const story = await pipeline.settled(tenant.liveKey, id);
    expect(story).toMatchObject({ status: "SENT", deliveries: [{ provider: "smtp" }] });
    expect(mails.filter((mail) => mail.to.includes("ann@example.com"))).toHaveLength(1);
  });

  it("takes an uploaded file of 5 MB along, byte for byte", async () => {
    const file = randomBytes(5 * 1024 * 1024);
    const uploaded = await fetch(`${pipeline.apiUrl}/v1/attachments?filename=plan.pdf`, {
      method: "POST",
      headers: { "x-api-key": tenant.liveKey, "content-type": "application/pdf" },
      body: file,
    });
    const { id: attachment } = (await uploaded.json()) as { id: string };
    const content = { subject: "The plan", text: "Attached.", attachments: [{ id: attachment }] };
    const id = await accept(tenant.liveKey, email("plan@example.com", { content }));
    expect(await pipeline.settled(tenant.liveKey, id)).toMatchObject({ status: "SENT" });
    const [mail] = mails.filter(({ to }) => to.includes("plan@example.com"));
    const { attachments } = await readMail(mail?.raw as Buffer);
    expect(attachments).toMatchObject([{ filename: "plan.pdf", mimeType: "application/pdf" }]);
    expect(file.equals(Buffer.from(attachments[0]?.content as ArrayBuffer))).toBe(true);
  });

  it("waits, by SMS, for the time that the segments before it take at the sender's rate", async () => {
    const send = async (text: string) => {
      const body = { channel: "sms", recipient: { phone: "+14155550123" }, content: { text } };
      return pipeline.settled(tenant.liveKey, await accept(tenant.liveKey, body));
    };
    await send("the first, which waits for the SDK to load");
    expect(await send("x".repeat(400))).toMatchObject({ status: "SENT", deliveries: [{ units: 3 }] });
    await send("the next");
    const [long, next] = texts.slice(1) as [(typeof texts)[number], (typeof texts)[number]];
    expect(next.atMs - long.atMs).toBeGreaterThan(1_200); // three segments, two a second
  });

  it("is tried again until it goes through", async () => {
    const story = await pipeline.settled(tenant.testKey, await accept(tenant.testKey, email("flaky@example.com")));
    expect(story).toMatchObject({ status: "SENT" });
    expect(story.deliveries[0]?.attempts.map((attempt) => attempt.outcome)).toEqual(["deferred", "deferred", "sent"]);
  });

  it("fails with the provider's words", async () => {
    const story = await pipeline.settled(tenant.testKey, await accept(tenant.testKey, email("bounced@example.com")));
    expect(story).toMatchObject({ status: "FAILED", deliveries: [{ status: "FAILED", reason: expect.any(String) }] });
  });

  it("is partly sent when one of its channels fails", async () => {
    const id = await accept(tenant.testKey, {
      channels: ["email", "in_app"],
      recipient: { id: "usr_2", email: "bounced@example.com" },
      content: { email: { subject: "Hello", text: "Hi" }, in_app: { title: "Hello", body: "Hi" } },
    });
    const story = await pipeline.settled(tenant.testKey, id);
    expect(story.status).toBe("PARTIAL");
    expect(Object.fromEntries(story.deliveries.map(({ channel, status }) => [channel, status]))).toEqual({
      email: "FAILED",
      in_app: "SENT",
    });
    const inbox = await pipeline.call<{ data: object[] }>(tenant.testKey, "GET", "/v1/recipients/usr_2/inbox");
    expect(inbox.body.data).toMatchObject([{ title: "Hello" }]);
  });

  it("fails with a reason when its recipient is not known", async () => {
    const body = { channel: "email", recipient: { id: "ghost" }, content: { subject: "Hello", text: "Hi" } };
    const story = await pipeline.settled(tenant.testKey, await accept(tenant.testKey, body));
    expect(story).toMatchObject({ status: "FAILED", reason: expect.stringContaining("ghost"), deliveries: [] });
  });

  it("fails with a reason when no provider is set up for its channel", async () => {
    const body = {
      channel: "push",
      recipient: { deviceToken: "device-token-1" },
      content: { title: "Hello", body: "Hi" },
    };
    const story = await pipeline.settled(tenant.liveKey, await accept(tenant.liveKey, body));
    expect(story).toMatchObject({
      status: "FAILED",
      deliveries: [{ reason: expect.stringContaining("no provider account") }],
    });
  });
});

describe("a schedule", () => {
  it("is kept until it is due", async () => {
    const sendAt = new Date(Date.now() + 1_500).toISOString();
    const id = await accept(tenant.testKey, email("delivered@example.com", { sendAt }));
    const waiting = await pipeline.call(tenant.testKey, "GET", `/v1/notifications/${id}`);
    expect(waiting.body.status).toBe("SCHEDULED");
    const story = await pipeline.settled(tenant.testKey, id);
    expect(story.status).toBe("SENT");
    expect(story.deliveries[0]?.attempts[0]?.startedAt.localeCompare(sendAt)).toBe(1);
  });

  it("can be canceled before, and not after it was sent", async () => {
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const id = await accept(tenant.testKey, email("delivered@example.com", { sendAt }));
    const canceled = await pipeline.call(tenant.testKey, "POST", `/v1/notifications/${id}/cancel`);
    expect(canceled).toMatchObject({ status: 200, body: { status: "CANCELED", deliveries: [] } });
    const sent = await accept(tenant.testKey, email("delivered@example.com"));
    await pipeline.settled(tenant.testKey, sent);
    const late = await pipeline.call(tenant.testKey, "POST", `/v1/notifications/${sent}/cancel`);
    expect(late).toMatchObject({ status: 409, body: { code: "conflict" } });
  });
});

describe("many notifications", () => {
  it("are each sent exactly once, and counted once", async () => {
    const tenants = [await pipeline.createTenant(), await pipeline.createTenant()];
    const notifications = Array.from({ length: 1_000 }, (_, index) => email(`delivered@${index}.example.com`));
    const answers = await Promise.all(
      tenants.map(({ testKey }) => pipeline.call(testKey, "POST", "/v1/notifications/batch", { notifications })),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    for (const { id } of tenants) {
      const countSent = () => pipeline.database.delivery.count({ where: { tenantId: id, status: "SENT" } });
      await expect.poll(countSent, { timeout: 25_000, interval: 100 }).toBe(1_000);
      expect(await pipeline.database.attempt.count({ where: { tenantId: id } })).toBe(1_000);
      expect(await pipeline.database.notification.count({ where: { tenantId: id, status: "SENT" } })).toBe(1_000);
      const usage = await pipeline.database.usage.findMany({ where: { tenantId: id } });
      const total = (count: "accepted" | "sent" | "units") => usage.reduce((sum, row) => sum + Number(row[count]), 0);
      expect([total("accepted"), total("sent"), total("units")]).toEqual([1_000, 1_000, 1_000]);
    }
  });
});

describe("what a crash or an outage leaves behind", () => {
  it("is published by the sweeper when its publication was lost", async () => {
    const id = newUuidOf(Date.now() - 60_000);
    await pipeline.database.notification.create({
      data: {
        id,
        tenantId: tenant.id,
        mode: "test",
        status: "PENDING",
        priority: 2,
        bulk: false,
        addresses: { email: "delivered@example.com" },
        channels: ["email"],
        content: { email: { subject: "Hello", text: "Hi" } },
        requestId: "lost",
        createdAt: new Date(Date.now() - 60_000),
      },
    });
    // The mark may have passed it: it is noted as the sweeper notes what it finds, which may be quicker.
    await pipeline.database.schedule.createMany({
      data: [{ notificationId: id, tenantId: tenant.id, dueAt: new Date() }],
      skipDuplicates: true,
    });
    expect((await pipeline.settled(tenant.testKey, publicId("notification", id))).status).toBe("SENT");
  });

  it("is routed and sent once however often it is published, and a poison message hurts nobody else", async () => {
    const id = await accept(tenant.testKey, email("slow@example.com"));
    const { KAFKA_BROKERS = "", REDIS_URL = "" } = pipeline.settings;
    const settings: EventLogSettings = KAFKA_BROKERS
      ? { kind: "kafka", brokers: KAFKA_BROKERS.split(","), clientId: "test" }
      : { kind: "redis", redisUrl: REDIS_URL, namespace: pipeline.namespace };
    const eventLog = createEventLog(settings, createLogger({ name: "test", level: "silent" }));
    const { direct: topic } = topicsOf(pipeline.namespace);
    const again = JSON.stringify({ id: uuidOf("notification", id), tenantId: tenant.id, mode: "test", priority: 2 });
    await eventLog.publish([
      { topic, key: "k", value: again },
      { topic, key: "k", value: "{ not json" },
      { topic, key: "k", value: again },
    ]);
    const after = await accept(tenant.testKey, email("delivered@example.com"));
    expect((await pipeline.settled(tenant.testKey, after)).status).toBe("SENT");
    expect((await pipeline.settled(tenant.testKey, id)).deliveries).toMatchObject([{ attempts: [{ number: 1 }] }]);
    const deadLetters = () => pipeline.database.deadLetter.findMany({ where: { topic } });
    await expect
      .poll(deadLetters)
      .toMatchObject([{ tenantId: null, reason: expect.stringContaining("not a notification") }]);
    expect(Buffer.from((await deadLetters())[0]?.payload ?? []).toString()).toBe("{ not json");
    await eventLog.close();
  });

  it("is finished by the next worker when one is killed under load", async () => {
    const { id, testKey } = await pipeline.createTenant();
    const notifications = Array.from({ length: 300 }, (_, index) =>
      email(`delivered@${index}.example.com`, { priority: "high" }),
    );
    await pipeline.call(testKey, "POST", "/v1/notifications/batch", { notifications });
    await pipeline.processes.worker.stop("SIGKILL");
    // What it had claimed is free once its lease has run out; that is hurried here, not waited for.
    await pipeline.database.delivery.updateMany({
      where: { tenantId: id, status: "SENDING" },
      data: { leaseUntil: new Date() },
    });
    await pipeline.processes.worker.start();
    const countSent = () => pipeline.database.delivery.count({ where: { tenantId: id, status: "SENT" } });
    await expect.poll(countSent, { timeout: 60_000, interval: 200 }).toBe(300);
  }, 90_000);
});

describe("a shutdown", () => {
  it("is orderly for every process within twenty seconds, with work in hand", async () => {
    const slow = await accept(tenant.testKey, email("slow@example.com"));
    const notificationId = uuidOf("notification", slow) as string;
    const statusOf = async () => (await pipeline.database.delivery.findFirst({ where: { notificationId } }))?.status;
    await expect.poll(statusOf, { interval: 20 }).toBe("SENDING");
    const started = performance.now();
    const codes = await Promise.all(Object.values(pipeline.processes).map((one) => one.stop("SIGTERM")));
    expect(codes).toEqual([0, 0, 0]);
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(await statusOf()).toBe("SENT"); // what was in hand was finished
    await Promise.all(Object.values(pipeline.processes).map((one) => one.start()));
    expect((await pipeline.settled(tenant.testKey, slow)).status).toBe("SENT");
  }, 60_000);
});

/** A UUIDv7 of another moment. */
function newUuidOf(timeMs: number): string {
  const time = timeMs.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}${newUuid().slice(13)}`;
}
