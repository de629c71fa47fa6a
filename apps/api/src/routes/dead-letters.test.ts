import { storeDeadLetters } from "@tidings/core/dead-letters/store-dead-letters";
import type { NotificationMessage } from "@tidings/core/pipeline/topics";
import { newUuid, uuidOf } from "@tidings/shared/ids";
import type { Mode } from "@tidings/shared/modes";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { startTestApi, type TestApi, type TestTenant } from "../testing/start-test-api";

let api: TestApi;
let tenant: TestTenant;
/** Notification ids in the order the event log carried them. */
const published: string[] = [];
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
  tenant = await api.createTenant();
  await api.eventLog.consume({
    group: "test",
    topics: [api.topics.direct, api.topics.bulk],
    maxBatch: 100,
    async handleBatch(messages) {
      published.push(...messages.map(({ value }) => (JSON.parse(value.toString()) as NotificationMessage).id));
    },
  });
});
afterAll(() => api.close());

interface DeadLetter {
  id: string;
  notificationId: string;
  reason: string;
  replayedAt: string | null;
}

const keyOf = (mode: Mode) => (mode === "live" ? tenant.liveKey : tenant.testKey);

/** A notification whose routing failed. */
async function fail(mode: Mode = "live"): Promise<{ notification: string; deadLetter: DeadLetter }> {
  const body = { channel: "email", recipient: { email: "ann@example.com" }, content: { subject: "Hi", text: "Hello" } };
  const accepted = await api.call<{ id: string }>("POST", "/v1/notifications", { key: keyOf(mode), body });
  const message = {
    id: uuidOf("notification", accepted.body.id) ?? "",
    tenantId: tenant.id,
    mode,
    priority: 2,
  };
  const received = { topic: api.topics.direct, partition: 3, offset: newUuid(), key: "k", value: Buffer.from("{}") };
  await storeDeadLetters(api.database, [{ received, message, reason: "the planner stumbled" }]);
  const [deadLetter] = await list(mode);
  return { notification: accepted.body.id, deadLetter: deadLetter as DeadLetter };
}

async function list(mode: Mode): Promise<DeadLetter[]> {
  return (await api.call<{ data: DeadLetter[] }>("GET", "/v1/dead-letters", { key: keyOf(mode) })).body.data;
}

const replay = (id: string, mode: Mode = "live") =>
  api.call<DeadLetter>("POST", `/v1/dead-letters/${id}/replay`, { key: keyOf(mode) });
const timesPublished = (notification: string) =>
  published.filter((id) => id === uuidOf("notification", notification)).length;

describe("dead letters", () => {
  it("say which notification they are of and what went wrong", async () => {
    const { notification, deadLetter } = await fail();
    expect(deadLetter).toEqual({
      id: expect.stringMatching(/^dlt_/),
      mode: "live",
      notificationId: notification,
      reason: "the planner stumbled",
      topic: api.topics.direct,
      partition: 3,
      position: expect.any(String),
      createdAt: expect.any(String),
      replayedAt: null,
    });
    const one = await api.call("GET", `/v1/dead-letters/${deadLetter.id}`, { key: tenant.liveKey });
    expect(one).toMatchObject({ status: 200, body: deadLetter });
  });

  it("are seen and replayed by keys of their mode alone", async () => {
    const { deadLetter } = await fail("test");
    expect((await list("live")).map(({ id }) => id)).not.toContain(deadLetter.id);
    expect((await api.call("GET", `/v1/dead-letters/${deadLetter.id}`, { key: tenant.liveKey })).status).toBe(404);
    expect((await replay(deadLetter.id, "live")).status).toBe(404);
    expect((await replay(deadLetter.id, "test")).status).toBe(200);
  });
});

describe("replaying", () => {
  it("publishes the notification again and says when", async () => {
    const { notification, deadLetter } = await fail();
    await expect.poll(() => timesPublished(notification)).toBe(1);
    const answer = await replay(deadLetter.id);
    expect(answer).toMatchObject({ status: 200, body: { ...deadLetter, replayedAt: expect.any(String) } });
    await expect.poll(() => timesPublished(notification)).toBe(2);
    expect((await replay(deadLetter.id)).status).toBe(200);
    await expect.poll(() => timesPublished(notification)).toBe(3);
  });

  it("is refused once the notification no longer waits to be routed", async () => {
    const { notification, deadLetter } = await fail();
    await api.call("POST", `/v1/notifications/${notification}/cancel`, { key: tenant.liveKey });
    expect(await replay(deadLetter.id)).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect((await list("live")).find(({ id }) => id === deadLetter.id)).toMatchObject({ replayedAt: null });
  });

  it("is refused when the notification is no longer kept", async () => {
    const { notification, deadLetter } = await fail();
    const id = uuidOf("notification", notification) ?? "";
    await api.database.notification.deleteMany({ where: { tenantId: tenant.id, id } });
    expect(await replay(deadLetter.id)).toMatchObject({ status: 409, body: { code: "conflict" } });
  });

  it("is refused, and counts as not done, while the event log is away", async () => {
    const { deadLetter } = await fail();
    await api.eventLog.close();
    const answer = await replay(deadLetter.id);
    expect(answer).toMatchObject({ status: 503, body: { code: "unavailable" } });
    expect(answer.headers.get("retry-after")).toBe("2");
    expect((await list("live")).find(({ id }) => id === deadLetter.id)).toMatchObject({ replayedAt: null });
  });
});
