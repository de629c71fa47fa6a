import { newUuid, publicId, uuidOf } from "@tidings/shared/ids";
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

interface Inbox {
  data: { id: string; title: string; readAt: string | null }[];
  nextCursor: string | null;
  unreadCount: number;
}

/** Puts items into an inbox, as the report stage does. @returns their public ids */
async function deliver(recipientId: string, count: number, mode = "live"): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, n) => {
    return { id: newUuid(), tenantId: tenant.id, mode, recipientId, title: `title ${n}`, body: "b" };
  });
  await api.database.inboxItem.createMany({ data: rows });
  return rows.map(({ id }) => publicId("inboxItem", id));
}

async function read(recipientId: string, query = "", key = tenant.liveKey): Promise<Inbox> {
  const answer = await api.call<Inbox>("GET", `/v1/recipients/${recipientId}/inbox${query}`, { key });
  expect(answer.status).toBe(200);
  return answer.body;
}

const post = (path: string, key = tenant.liveKey) => api.call("POST", `/v1/recipients/${path}`, { key });

describe("GET /v1/recipients/{id}/inbox", () => {
  it("is empty for an id nothing was sent to", async () => {
    expect(await read("nobody")).toEqual({ data: [], hasMore: false, nextCursor: null, unreadCount: 0 });
  });

  it("gives every item once, newest first, page by page", async () => {
    const sent = await deliver("reader", 7);
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page: Inbox = await read("reader", `?limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(sent.reverse());
  });

  it("shows what came last first, however long its notification waited to be sent", async () => {
    const [waited, sentAtOnce] = await deliver("waiter", 2);
    await api.database.inboxItem.update({
      where: { id: uuidOf("inboxItem", waited ?? "") ?? "", tenantId: tenant.id },
      data: { createdAt: new Date(Date.now() + 60_000) },
    });
    const first = await read("waiter", "?limit=1");
    expect(first.data[0]?.id).toBe(waited);
    expect((await read("waiter", `?cursor=${first.nextCursor}`)).data[0]?.id).toBe(sentAtOnce);
  });

  it("keeps the modes apart", async () => {
    await deliver("both", 2, "live");
    const [inTest] = await deliver("both", 1, "test");
    expect((await read("both")).data).toHaveLength(2);
    expect((await read("both", "", tenant.testKey)).data.map(({ id }) => id)).toEqual([inTest]);
  });

  it("counts a thousand unread items and no further", async () => {
    await deliver("busy", 1_003);
    expect((await read("busy", "?limit=1")).unreadCount).toBe(1_000);
  });

  it.each(["unread=yes", "unread=", "limit=1000", "cursor=dXNyXzQy"])("refuses ?%s", async (query) => {
    const { status } = await api.call("GET", `/v1/recipients/u/inbox?${query}`, { key: tenant.liveKey });
    expect(status).toBe(400);
  });
});

describe("marking as read", () => {
  it("takes an item out of the unread and keeps the time it was first read", async () => {
    const [older, newer] = await deliver("marker", 2);
    const first = await post(`marker/inbox/${older}/read`);
    expect(first).toMatchObject({ status: 200, body: { id: older, readAt: expect.any(String) } });
    expect((await post(`marker/inbox/${older}/read`)).body).toEqual(first.body);
    const unread = await read("marker", "?unread=true");
    expect(unread.data.map(({ id }) => id)).toEqual([newer]);
    expect(unread.unreadCount).toBe(1);
    expect((await read("marker", "?unread=false")).data).toHaveLength(2);
  });

  it("goes on behind an item that was read in the meantime", async () => {
    const [oldest, middle, newest] = await deliver("pager", 3);
    const { data, nextCursor } = await read("pager", "?unread=true&limit=1");
    expect(data[0]?.id).toBe(newest);
    await post(`pager/inbox/${newest}/read`);
    const next = await read("pager", `?unread=true&limit=5&cursor=${nextCursor}`);
    expect(next.data.map(({ id }) => id)).toEqual([middle, oldest]);
  });

  it("marks everything of one inbox and mode", async () => {
    await deliver("all", 3);
    await deliver("all", 1, "test");
    await deliver("other", 1);
    expect((await post("all/inbox/read")).body).toEqual({ marked: 3 });
    expect((await post("all/inbox/read")).body).toEqual({ marked: 0 });
    expect((await read("all")).unreadCount).toBe(0);
    expect((await read("all", "", tenant.testKey)).unreadCount).toBe(1);
    expect((await read("other")).unreadCount).toBe(1);
  });

  it("finds no item of another recipient, another mode, or under another kind of id", async () => {
    const [item] = await deliver("owner", 1);
    const delivery = item?.replace("inb_", "dlv_");
    for (const attempt of [
      post(`stranger/inbox/${item}/read`),
      post(`owner/inbox/${item}/read`, tenant.testKey),
      post(`owner/inbox/${delivery}/read`),
      post("owner/inbox/inb_nonsense/read"),
    ]) {
      expect(await attempt).toMatchObject({ status: 404, body: { code: "not_found" } });
    }
    expect((await read("owner")).unreadCount).toBe(1);
  });
});
