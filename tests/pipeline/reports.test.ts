import type { ReportBody } from "@tidings/shared/report-events";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createWebhookSink, type SunkWebhook } from "../fakes/webhook-sink";
import { type Pipeline, startPipeline } from "./start-pipeline";

let pipeline: Pipeline;
let sink: Awaited<ReturnType<typeof createWebhookSink>>;
const posts: SunkWebhook[] = [];
beforeAll(async () => {
  sink = await createWebhookSink({ onMessage: (post) => posts.push(post) });
  pipeline = await startPipeline({ OUTBOUND_ALLOW: "127.0.0.0/8" });
});
afterAll(async () => {
  await pipeline?.stop();
  await sink?.close();
});

it("an endpoint is told each step of a notification, signed, with its place in their order", async () => {
  const { testKey } = await pipeline.createTenant();
  const made = await pipeline.call<{ id: string; secret: string }>(testKey, "POST", "/v1/webhooks", { url: sink.url });
  expect(made.status).toBe(201);
  const receiver = new Webhook(made.body.secret);
  const told = () =>
    posts
      .map(({ body, headers }) => receiver.verify(body, headers) as ReportBody)
      .sort((a, b) => a.data.sequence - b.data.sequence);
  const typesOf = (id: string) =>
    told()
      .filter(({ data }) => Object.values(data).includes(id))
      .map(({ type }) => type);
  const send = async (more: object) => {
    const body = { channel: "email", content: { subject: "Hello", text: "Hi" }, ...more };
    return (await pipeline.call<{ id: string }>(testKey, "POST", "/v1/notifications", body)).body.id;
  };

  const sent = await send({ recipient: { email: "delivered@example.com" } });
  await expect
    .poll(() => typesOf(sent), { timeout: 15_000 })
    .toEqual([
      "notification.accepted",
      "notification.processing",
      "delivery.queued",
      "delivery.sent",
      "notification.sent",
    ]);
  const statuses = told().map(({ data }) => (data as { status: string }).status);
  expect(statuses).toEqual(["PENDING", "PROCESSING", "QUEUED", "SENT", "SENT"]);
  expect(told()[3]?.data).toMatchObject({ address: "delivered@example.com", provider: "sandbox", attempt: 1 });

  const failed = await send({ recipient: { email: "bounced@example.com" } });
  await expect.poll(() => typesOf(failed).slice(-2)).toEqual(["delivery.failed", "notification.failed"]);

  const sendAt = new Date(Date.now() + 3_600_000).toISOString();
  const canceled = await send({ recipient: { email: "delivered@example.com" }, sendAt });
  await pipeline.call(testKey, "POST", `/v1/notifications/${canceled}/cancel`);
  await expect.poll(() => typesOf(canceled)).toEqual(["notification.accepted", "notification.canceled"]);

  expect(new Set(posts.map(({ headers }) => headers["webhook-id"])).size).toBe(posts.length);
  type Page = { data: { status: string }[] };
  const listed = () => pipeline.call<Page>(testKey, "GET", `/v1/webhooks/${made.body.id}/reports?limit=100`);
  const outcomes = async () => (await listed()).body.data.map(({ status }) => status);
  await expect.poll(outcomes).toEqual(Array(posts.length).fill("DELIVERED"));
});

it("an endpoint that was away gets what it missed when its next attempt is due", async () => {
  const { testKey } = await pipeline.createTenant();
  sink.script.next(1, { status: 503, body: "not now" });
  const wishes = { url: `${sink.url}/away`, events: ["notification.accepted"] };
  const made = await pipeline.call<{ id: string; secret: string }>(testKey, "POST", "/v1/webhooks", wishes);
  const body = { channel: "email", recipient: { email: "a@example.com" }, content: { subject: "Hello", text: "Hi" } };
  await pipeline.call(testKey, "POST", "/v1/notifications", body);
  const away = () => posts.filter(({ path }) => path === "/away");
  await expect.poll(() => away().length, { timeout: 15_000 }).toBe(1);
  const [post] = away() as [SunkWebhook];
  expect(new Webhook(made.body.secret).verify(post.body, post.headers)).toBeTruthy();
});
