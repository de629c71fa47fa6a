import { trackingOf } from "@tidings/core/receipts/tracking-links";
import { newUuid } from "@tidings/shared/ids";
import { createTestDatabase, testRedisUrl } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startTestApi, type TestApi, testPlatformSecret } from "./testing/start-test-api";

let api: TestApi;
let tenantId: string;
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
  tenantId = (await api.createTenant()).id;
});
afterAll(() => api?.close());

const offer = "https://acme.test/offer?ü=1&x=%20y#here";
const linksOf = (id: string, platformSecret = testPlatformSecret) => {
  const links = trackingOf({ tenantId, id }, { publicUrl: api.url, platformSecret, opens: true, clicks: true });
  return { open: links.openUrl ?? "", click: links.clickUrlOf(offer) ?? "" };
};
const get = (url: string, method = "GET") => fetch(url, { method, redirect: "manual" });
const stored = (deliveryId: string) =>
  api.database.receipt.findMany({ where: { tenantId, deliveryId }, orderBy: { kind: "asc" } });

async function sentDelivery(): Promise<string> {
  const notificationId = newUuid();
  const id = newUuid();
  const common = { tenantId, mode: "live", priority: 2, createdAt: new Date() };
  await api.database.notification.create({
    data: { ...common, id: notificationId, status: "SENT", bulk: false, addresses: {}, channels: [], requestId: "req" },
  });
  const sent = { status: "SENT", channel: "email", address: "ann@example.com", siblings: 1 };
  await api.database.delivery.create({ data: { ...common, ...sent, id, notificationId } });
  return id;
}

test("an open and a click are receipts of their delivery, each once a minute", async () => {
  const id = await sentDelivery();
  const { open, click } = linksOf(id);
  const picture = await get(open);
  expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/gif"]);
  expect(picture.headers.get("cache-control")).toBe("no-store");
  const clicked = await get(click);
  expect([clicked.status, clicked.headers.get("location")]).toEqual([302, new URL(offer).href]);
  await vi.waitFor(async () => expect(await stored(id)).toHaveLength(2));
  expect((await get(click, "HEAD")).status).toBe(302);

  await api.applyReceipts();
  expect(await stored(id)).toMatchObject([
    { kind: "clicked", account: "tidings", url: offer, appliedAt: expect.any(Date) },
    { kind: "opened", account: "tidings", url: null, appliedAt: expect.any(Date) },
  ]);
});

test("a link that is not ours, was changed or is of another kind leads nowhere", async () => {
  const id = newUuid();
  const { open, click } = linksOf(id);
  const foreign = linksOf(id, Buffer.alloc(32, 1));
  const token = Buffer.from(click.split("/t/c/")[1] ?? "", "base64url");
  const elsewhere = Buffer.concat([token.subarray(0, 48), Buffer.from("https://evil.test/")]).toString("base64url");
  const bad = [
    foreign.click,
    foreign.open,
    `${api.url}/t/c/${elsewhere}`,
    `${api.url}/t/c/${open.split("/t/o/")[1]?.replace(".gif", "")}`,
    `${api.url}/t/c/https:%2F%2Fevil.test`,
    `${api.url}/t/c/x?url=https://evil.test`,
    `${api.url}/t/o/.gif`,
  ];
  for (const url of bad) {
    const answer = await get(url);
    expect([answer.status, answer.headers.get("location")], url).toEqual([404, null]);
  }
});

test("links to our own pages, and those too long, are left alone; what is not wanted is not tracked", () => {
  const options = { publicUrl: "https://n.test", platformSecret: testPlatformSecret, opens: true, clicks: true };
  const links = trackingOf({ tenantId, id: newUuid() }, options);
  expect(links.clickUrlOf("https://n.test/u/abc")).toBeNull();
  expect(links.clickUrlOf(`https://acme.test/${"x".repeat(2_000)}`)).toBeNull();
  expect(links.clickUrlOf(offer)).toMatch(/^https:\/\/n\.test\/t\/c\/[\w-]+$/);
  const none = trackingOf({ tenantId, id: newUuid() }, { ...options, opens: false, clicks: false });
  expect([none.openUrl, none.clickUrlOf(offer)]).toEqual([null, null]);
});
