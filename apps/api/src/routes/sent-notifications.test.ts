import { uuidOf } from "@tidings/shared/ids";
import { describe, expect, it } from "vitest";
import { type Accepted, email, useNotifications } from "../testing/use-notifications";

interface Page {
  data: { id: string; createdAt: string; requestId: string }[];
  hasMore: boolean;
  nextCursor: string | null;
}

const { at, send, sendBatch, get, rows, publishTemplate } = useNotifications();
const list = (query = "", key = at.tenant.testKey) => at.api.call<Page>("GET", `/v1/notifications${query}`, { key });
const cancel = (id: string, key = at.tenant.testKey) => at.api.call("POST", `/v1/notifications/${id}/cancel`, { key });
const idsOf = ({ body }: { body: Page }) => body.data.map(({ id }) => id);

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
    await at.api.database.delivery.create({
      data: {
        id: notificationId,
        tenantId: at.tenant.id,
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
    const other = await at.api.createTenant();
    expect(idsOf(await list())).toEqual([body.id]);
    for (const key of [at.tenant.liveKey, other.testKey]) {
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
    expect(await at.api.database.schedule.findMany({ where: { tenantId: at.tenant.id } })).toEqual([]);
  });

  it("comes too late for what is being processed", async () => {
    const { body } = await send();
    const id = uuidOf("notification", body.id) as string;
    await at.api.database.notification.updateMany({
      where: { tenantId: at.tenant.id, id },
      data: { status: "PROCESSING" },
    });
    expect(await cancel(body.id)).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(await rows()).toMatchObject([{ status: "PROCESSING" }]);
  });
});

describe("sending again", () => {
  const resend = (id: string, headers = {}) =>
    at.api.call<Accepted>("POST", `/v1/notifications/${id}/resend`, { key: at.tenant.testKey, headers });
  const settle = (id: string) =>
    at.api.database.notification.updateMany({
      where: { tenantId: at.tenant.id, id: uuidOf("notification", id) as string },
      data: { status: "FAILED", settledAt: new Date() },
    });

  it("accepts the same once more, with the version that was pinned, and says what it repeats", async () => {
    const draft = (text: string) => ({ defaultLocale: "en", locales: { en: { sms: { text } } } });
    await publishTemplate("code", draft("{{ code }}"));
    const body = { template: "code", recipient: { id: "ann", phone: "+14155550100" }, data: { code: "7" } };
    const first = await send({ ...body, locale: "pt", priority: "critical", category: "codes" });
    await settle(first.body.id);
    await at.api.call("PATCH", "/v1/templates/code", {
      key: at.tenant.liveKey,
      body: { draft: draft("new {{ code }}") },
    });
    await at.api.call("POST", "/v1/templates/code/publish", { key: at.tenant.liveKey });

    const again = await resend(first.body.id);
    expect(again).toMatchObject({ status: 202, body: { status: "PENDING", channels: ["sms"] } });
    const [before, after] = await rows();
    const { id, status, settledAt, createdAt, requestId, resendOf, ...same } = before ?? expect.fail("it is gone");
    expect(after).toMatchObject({ ...same, status: "PENDING", settledAt: null, resendOf: id });
    expect(after?.requestId).not.toBe(requestId);
    expect((await get(again.body.id)).body).toMatchObject({ resendOf: first.body.id, template: { version: 1 } });
    expect((await get(first.body.id)).body).toMatchObject({ resendOf: null, resends: [again.body.id] });
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
    await at.api.call("POST", "/v1/people/erase", { key: at.tenant.liveKey, body: erasure });
    const refused = await resend(body.id);
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining("erased") } });
  });
});
