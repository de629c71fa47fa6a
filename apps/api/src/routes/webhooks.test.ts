import { newUuid, uuidOf } from "@tidings/shared/ids";
import { bodySchemaOf, type ReportEventType, reportEventTypes } from "@tidings/shared/report-events";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../../tests/setup/test-services";
import { startTestApi, type TestApi, type TestTenant } from "../testing/start-test-api";

let api: TestApi;
let tenant: TestTenant;
/** UUIDs of the reports that were queued. */
let queued: string[];
beforeAll(async () => {
  api = await startTestApi({ databaseUrl: await createTestDatabase(), redisUrl: await testRedisUrl() });
  const { queueReports } = api.deps;
  api.deps.queueReports = async (reports) => {
    queued.push(...reports.map(({ id }) => id));
    await queueReports(reports);
  };
});
afterAll(() => api.close());
beforeEach(async () => {
  tenant = await api.createTenant();
  queued = [];
});

interface Webhook {
  id: string;
  url: string;
  secret: string | null;
  enabled: boolean;
  previousSecretUntil: string | null;
}
interface Report {
  id: string;
  type: string;
  status: string;
}
interface Repetition {
  reports: number;
  hasMore: boolean;
  nextCursor: string | null;
}

const asked = { url: "http://127.0.0.1:9/hooks" };
const call = <Body>(method: string, path: string, body?: unknown, headers = {}, key = tenant.liveKey) =>
  api.call<Body>(method, path, { key, headers, ...(body !== undefined && { body }) });
const create = (body: object = {}, headers = {}) =>
  call<Webhook>("POST", "/v1/webhooks", { ...asked, ...body }, headers);
const secretOf = async (id: string) =>
  (await call<{ secret: string; previousSecret: string | null }>("GET", `/v1/webhooks/${id}/secret`)).body;
const reportsOf = async (id: string, query = "") =>
  (await call<{ data: Report[]; nextCursor: string | null }>("GET", `/v1/webhooks/${id}/reports?${query}`)).body;

/** A report of an endpoint as the pipeline leaves it. */
async function makeReport(endpoint: string, fields: { status?: string; createdAt?: Date; type?: string } = {}) {
  const row = await api.database.report.create({
    data: {
      tenantId: tenant.id,
      mode: "live",
      endpointId: uuidOf("endpoint", endpoint) as string,
      type: "delivery.sent",
      facts: { id: newUuid(), channel: "email", address: "ann@example.com", status: "SENT" },
      ...fields,
    },
  });
  return row.id;
}

describe("POST /v1/webhooks", () => {
  it("makes an endpoint that wants everything, with a secret as Standard Webhooks writes it", async () => {
    const { status, body } = await create();
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^edp_/),
      mode: "live",
      ...asked,
      description: null,
      events: ["*"],
      channels: [],
      categories: [],
      headerNames: [],
      perSecond: null,
      enabled: true,
      disabledReason: null,
      failingSince: null,
      previousSecretUntil: null,
    });
    expect(Buffer.from(body.secret?.replace(/^whsec_/, "") ?? "", "base64")).toHaveLength(32);
    expect(await secretOf(body.id)).toEqual({
      secret: body.secret,
      previousSecret: null,
      previousSecretUntil: null,
    });
  });

  it("shows secrets and headers nowhere else, and stores them sealed", async () => {
    const canary = `canary-${newUuid()}`;
    const headers = { Authorization: `Bearer ${canary}` };
    const once = { "idempotency-key": newUuid() };
    const made = await create({ headers }, once);
    const own = `whsec_${Buffer.from(canary).toString("base64")}`;
    const { id } = (await create({ secret: own, headers })).body;
    expect((await secretOf(id)).secret).toBe(own);
    const repeated = await create({ headers }, once);
    expect(repeated.body).toEqual({ ...made.body, secret: null });

    const answers = [
      repeated.body,
      (await call("GET", "/v1/webhooks")).body,
      (await call("GET", `/v1/webhooks/${id}`)).body,
      (await call("PATCH", `/v1/webhooks/${id}`, { description: "x" })).body,
      (await call("POST", `/v1/webhooks/${id}/rotate-secret`, {})).body,
    ];
    expect(answers[1]).toMatchObject({
      data: [{ headerNames: ["Authorization"] }, { headerNames: ["Authorization"] }],
    });
    const rows = await api.database.$queryRaw`
      SELECT e::text FROM endpoint AS e WHERE tenant_id = ${tenant.id}::uuid
      UNION ALL SELECT response::text FROM idempotency_key WHERE tenant_id = ${tenant.id}::uuid`;
    const seen = JSON.stringify([answers, rows, api.logLines]);
    for (const secret of [canary, own, made.body.secret as string]) {
      expect(seen).not.toContain(secret.replace("whsec_", ""));
    }
  });

  it.each([
    ["a loopback address", { url: "https://[::1]/" }, "/url"],
    ["the metadata service", { url: "https://169.254.169.254/" }, "/url"],
    ["a decimal literal", { url: "https://167772161/" }, "/url"],
    ["a live URL without encryption", { url: "http://93.184.216.34/" }, "/url"],
    ["no URL", { url: "example" }, "/url"],
    ["an unknown event", { events: ["delivery.lost"] }, "/events/0"],
    ["no event", { events: [] }, "/events"],
    ["an event twice", { events: ["*", "*"] }, "/events"],
    ["an unknown channel", { channels: ["fax"] }, "/channels/0"],
    ["a header of ours", { headers: { "Webhook-Id": "x" } }, "/headers"],
    ["the host", { headers: { HOST: "x" } }, "/headers"],
    ["a content header", { headers: { "content-length": "1" } }, "/headers"],
    ["a line break in a header", { headers: { a: "b\r\nc: d" } }, "/headers/a"],
    ["a header twice", { headers: { a: "b", A: "c" } }, "/headers"],
    ["a bad header name", { headers: { "a b": "c" } }, "/headers/a b"],
    ["21 headers", { headers: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`h${n}`, "x"])) }, "/headers"],
    ["a short secret", { secret: `whsec_${Buffer.alloc(23).toString("base64")}` }, "/secret"],
    ["a secret without its beginning", { secret: Buffer.alloc(32).toString("base64") }, "/secret"],
    ["too fast a rate", { perSecond: 1_001 }, "/perSecond"],
    ["no rate at all", { perSecond: 0 }, "/perSecond"],
  ])("refuses %s", async (_, body, pointer) => {
    expect(await create(body)).toMatchObject({ status: 422, body: { code: "invalid_body", errors: [{ pointer }] } });
  });

  it("makes at most 50 in a mode, however many ask at once", async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => create()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(10);
    expect(await call("POST", "/v1/webhooks", asked, {}, tenant.testKey)).toMatchObject({
      status: 201,
      body: { mode: "test" },
    });
  }, 30_000);

  it("makes what the other mode's keys don't see", async () => {
    const { id } = (await create()).body;
    expect(await call("GET", `/v1/webhooks/${id}`, undefined, {}, tenant.testKey)).toMatchObject({ status: 404 });
    expect((await call("GET", "/v1/webhooks", undefined, {}, tenant.testKey)).body).toMatchObject({ data: [] });
  });
});

describe("PATCH /v1/webhooks/{id}", () => {
  it("changes what is given and leaves the rest", async () => {
    const { id } = (await create({ events: ["delivery.*"], headers: { a: "b" }, perSecond: 2 })).body;
    const patch = (body: object) => call("PATCH", `/v1/webhooks/${id}`, body);
    expect((await patch({ channels: ["sms"], headers: null })).body).toMatchObject({
      events: ["delivery.*"],
      channels: ["sms"],
      headerNames: [],
      perSecond: 2,
    });
    expect((await patch({ perSecond: null, headers: { "X-Team": "1" } })).body).toMatchObject({
      channels: ["sms"],
      headerNames: ["X-Team"],
      perSecond: null,
    });
    expect(await patch({ url: "https://10.0.0.1/" })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/url" }] },
    });
  });

  it("forgets what an endpoint failed for when it is enabled", async () => {
    const { id } = (await create()).body;
    await api.database.endpoint.updateMany({
      where: { tenantId: tenant.id },
      data: { enabled: false, disabledReason: "It answered 410 Gone.", failingSince: new Date() },
    });
    expect((await call("PATCH", `/v1/webhooks/${id}`, { enabled: true })).body).toMatchObject({
      enabled: true,
      disabledReason: null,
      failingSince: null,
    });
  });
});

describe("a secret that is rotated", () => {
  const rotate = (id: string, body: object = {}, headers = {}) =>
    call<Webhook>("POST", `/v1/webhooks/${id}/rotate-secret`, body, headers);

  it("stays valid for a day beside the new one", async () => {
    const { id, secret } = (await create()).body;
    const until = Date.parse((await rotate(id)).body.previousSecretUntil as string);
    expect(Math.abs(until - Date.now() - 86_400_000)).toBeLessThan(60_000);
    const now = await secretOf(id);
    expect(now.previousSecret).toBe(secret);
    expect(now.secret).not.toBe(secret);
  });

  it("ends at once when no overlap is asked for, or when the next one follows", async () => {
    const { id, secret } = (await create()).body;
    const second = (await rotate(id)) && (await secretOf(id)).secret;
    await rotate(id);
    expect((await secretOf(id)).previousSecret).toBe(second);
    expect((await rotate(id, { overlapSeconds: 0 })).body.previousSecretUntil).toBeNull();
    expect((await secretOf(id)).previousSecret).toBeNull();
    expect(JSON.stringify(await secretOf(id))).not.toContain(secret);
  });

  it("is not shown any more once its time is over", async () => {
    const { id } = (await create()).body;
    await rotate(id);
    await api.database.endpoint.updateMany({
      where: { tenantId: tenant.id },
      data: { previousUntil: new Date(Date.now() - 1) },
    });
    expect(await secretOf(id)).toMatchObject({ previousSecret: null, previousSecretUntil: null });
  });

  it("is rotated once however often the request is repeated", async () => {
    const { id, secret } = (await create()).body;
    const headers = { "idempotency-key": newUuid() };
    await rotate(id, {}, headers);
    await rotate(id, {}, headers);
    expect((await secretOf(id)).previousSecret).toBe(secret);
  });

  it("is never overlapped for more than a week", async () => {
    const { id } = (await create()).body;
    expect(await rotate(id, { overlapSeconds: 604_801 })).toMatchObject({ status: 422 });
  });
});

describe("POST /v1/webhooks/{id}/test", () => {
  it("queues a ping, or an example of any event, as its schema describes it", async () => {
    const { id } = (await create({ events: ["suppression.added"] })).body;
    for (const type of reportEventTypes) {
      const { status, body } = await call<Report>(
        "POST",
        `/v1/webhooks/${id}/test`,
        type === "test.ping" ? {} : { type },
      );
      expect([status, body.type, body.status]).toEqual([202, type, "PENDING"]);
      expect(queued.at(-1)).toBe(uuidOf("report", body.id));
      const detail = await call<{ body: { type: ReportEventType } }>("GET", `/v1/reports/${body.id}`);
      expect(bodySchemaOf(type).parse(detail.body.body)).toEqual(detail.body.body);
    }
  });

  it("refuses a disabled endpoint", async () => {
    const { id } = (await create({ enabled: false })).body;
    expect(await call("POST", `/v1/webhooks/${id}/test`, {})).toMatchObject({
      status: 409,
      body: { code: "conflict" },
    });
    expect(queued).toEqual([]);
  });
});

describe("DELETE /v1/webhooks/{id}", () => {
  it("fails what was still to be posted and keeps what is known of it", async () => {
    const [{ id }, other] = [(await create()).body, (await create()).body];
    const [pending, elsewhere] = [await makeReport(id), await makeReport(other.id)];
    const delivered = await makeReport(id, { status: "DELIVERED" });
    await api.database.reportSchedule.create({
      data: { reportId: pending, endpointId: uuidOf("endpoint", id) as string, dueAt: new Date() },
    });
    expect((await call("DELETE", `/v1/webhooks/${id}`)).status).toBe(204);
    expect((await call("GET", `/v1/webhooks/${id}`)).status).toBe(404);
    const statuses = await api.database.report.findMany({
      where: { tenantId: tenant.id },
      select: { id: true, status: true },
    });
    expect(Object.fromEntries(statuses.map(({ id, status }) => [id, status]))).toEqual({
      [pending]: "FAILED",
      [delivered]: "DELIVERED",
      [elsewhere]: "PENDING",
    });
    expect(await api.database.reportSchedule.count({ where: { reportId: pending } })).toBe(0);
  });
});

describe("reports", () => {
  it("are listed newest first, page by page and by status, type and notification", async () => {
    const { id } = (await create()).body;
    const made = [];
    for (const status of ["DELIVERED", "FAILED", "PENDING"]) made.push(await makeReport(id, { status }));
    const first = await reportsOf(id, "limit=2");
    const last = await reportsOf(id, `limit=2&cursor=${first.nextCursor}`);
    const ids = [...first.data, ...last.data].map((report) => uuidOf("report", report.id));
    expect(ids).toEqual(made.toReversed());
    expect((await reportsOf(id, "status=FAILED")).data).toHaveLength(1);
    expect((await reportsOf(id, "type=delivery.bounced")).data).toEqual([]);
    expect((await reportsOf(id, "notificationId=ntf_01h455vb4pex5vsknk084sn02q")).data).toEqual([]);
    expect((await reportsOf(id, `since=${new Date(Date.now() + 60_000).toISOString()}`)).data).toEqual([]);
    expect((await reportsOf(id, `until=${new Date(Date.now() + 60_000).toISOString()}`)).data).toHaveLength(3);
    expect(await call("GET", `/v1/webhooks/${id}/reports?notificationId=x`)).toMatchObject({ status: 400 });
  });

  it("are shown with what is posted and every attempt", async () => {
    const { id } = (await create()).body;
    const reportId = await makeReport(id);
    const attempt = { outcome: "deferred", statusCode: 500, response: "oops", reason: "500", durationMs: 12 };
    await api.database.reportAttempt.create({
      data: { reportId, tenantId: tenant.id, number: 1, startedAt: new Date(), ...attempt },
    });
    const [listed] = (await reportsOf(id)).data;
    expect((await call("GET", `/v1/reports/${listed?.id}`)).body).toMatchObject({
      ...listed,
      body: { type: "delivery.sent", data: { channel: "email", address: "ann@example.com", provider: null } },
      attempts: [{ number: 1, ...attempt }],
    });
  });

  it("are posted once more on request, the delivered too, unless one is under way", async () => {
    const { id } = (await create()).body;
    const delivered = await makeReport(id, { status: "DELIVERED" });
    const [{ id: shown } = { id: "" }] = (await reportsOf(id)).data;
    const redeliver = () => call<Report>("POST", `/v1/reports/${shown}/redeliver`);
    expect(await redeliver()).toMatchObject({ status: 202, body: { id: shown, status: "PENDING", settledAt: null } });
    expect(queued).toEqual([delivered]);
    expect(await api.database.reportSchedule.count({ where: { reportId: delivered } })).toBe(1);
    await api.database.report.updateMany({
      where: { tenantId: tenant.id },
      data: { leaseUntil: new Date(Date.now() + 60_000) },
    });
    expect((await redeliver()).status).toBe(202);
    expect(queued).toEqual([delivered]);
  });

  it("of an endpoint that is disabled or gone are not", async () => {
    const { id } = (await create()).body;
    await makeReport(id);
    const [{ id: shown } = { id: "" }] = (await reportsOf(id)).data;
    await call("PATCH", `/v1/webhooks/${id}`, { enabled: false });
    expect(await call("POST", `/v1/reports/${shown}/redeliver`)).toMatchObject({ status: 409 });
    await call("DELETE", `/v1/webhooks/${id}`);
    expect(await call("POST", `/v1/reports/${shown}/redeliver`)).toMatchObject({ status: 409 });
    expect(queued).toEqual([]);
  });
});

describe("POST /v1/webhooks/{id}/recover", () => {
  const recover = (id: string, body: object = { since: new Date(Date.now() - 60_000).toISOString() }) =>
    call<Repetition>("POST", `/v1/webhooks/${id}/recover`, body);

  it("posts again what failed since then, and nothing else", async () => {
    const [{ id }, other] = [(await create()).body, (await create()).body];
    const failed = [await makeReport(id, { status: "FAILED" }), await makeReport(id, { status: "FAILED" })];
    await makeReport(id, { status: "DELIVERED" });
    await makeReport(other.id, { status: "FAILED" });
    expect(await recover(id, { since: new Date(Date.now() + 60_000).toISOString() })).toMatchObject({
      body: { reports: 0 },
    });
    expect((await recover(id)).body).toEqual({ reports: 2, hasMore: false, nextCursor: null });
    expect(queued).toEqual(failed);
    expect((await recover(id)).body.reports).toBe(0);
  });

  it.each([
    ["no time", {}, 422],
    ["a time more than 30 days ago", { since: new Date(Date.now() - 31 * 86_400_000).toISOString() }, 422],
    ["a cursor that is none", { since: new Date().toISOString(), cursor: "x" }, 400],
  ])("refuses %s", async (_, body, status) => {
    const { id } = (await create()).body;
    expect((await recover(id, body)).status).toBe(status);
  });

  it("refuses a disabled endpoint", async () => {
    const { id } = (await create({ enabled: false })).body;
    expect(await recover(id)).toMatchObject({ status: 409 });
  });
});

describe("POST /v1/webhooks/{id}/replay", () => {
  const replay = async (id: string) =>
    (
      await call<Repetition>("POST", `/v1/webhooks/${id}/replay`, {
        since: new Date(Date.now() - 60_000).toISOString(),
      })
    ).body;

  it("tells a new endpoint what happened before it was made, once", async () => {
    const body = {
      channel: "email",
      recipient: { email: "ann@example.com" },
      content: { subject: "Hi", text: "Hello" },
    };
    const sent = await call<{ id: string }>("POST", "/v1/notifications", body);
    const { id } = (await create()).body;
    expect(await replay(id)).toEqual({ reports: 1, hasMore: false, nextCursor: null });
    expect(await replay(id)).toMatchObject({ reports: 0 });
    const [report] = (await reportsOf(id, `notificationId=${sent.body.id}`)).data;
    expect(report).toMatchObject({ type: "notification.accepted", notificationId: sent.body.id, status: "PENDING" });
    expect(queued).toEqual([uuidOf("report", report?.id ?? "")]);
  });

  it("refuses a disabled endpoint", async () => {
    const { id } = (await create({ enabled: false })).body;
    expect((await replay(id)) as object).toMatchObject({ code: "conflict" });
  });
});

describe("GET /v1/webhook-events", () => {
  it("describes every event", async () => {
    const { body } = await call<{ data: { type: string; schema: object; example: { type: string } }[] }>(
      "GET",
      "/v1/webhook-events",
    );
    expect(body.data.map(({ type }) => type)).toEqual(reportEventTypes);
    for (const { type, example } of body.data) expect(example.type).toBe(type);
  });
});
