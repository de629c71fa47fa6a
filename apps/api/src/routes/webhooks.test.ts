import { newUuid, uuidOf } from "@tidings/shared/ids";
import { bodySchemaOf, type ReportEventType, reportEventTypes } from "@tidings/shared/report-events";
import { describe, expect, it } from "vitest";
import { asked, type Report, useWebhooks, type Webhook } from "../testing/use-webhooks";

const { at, call, create } = useWebhooks();
const secretOf = async (id: string) =>
  (await call<{ secret: string; previousSecret: string | null }>("GET", `/v1/webhooks/${id}/secret`)).body;

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
    const rows = await at.api.database.$queryRaw`
      SELECT e::text FROM endpoint AS e WHERE tenant_id = ${at.tenant.id}::uuid
      UNION ALL SELECT response::text FROM idempotency_key WHERE tenant_id = ${at.tenant.id}::uuid`;
    const seen = JSON.stringify([answers, rows, at.api.logLines]);
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
    expect(await call("POST", "/v1/webhooks", asked, {}, at.tenant.testKey)).toMatchObject({
      status: 201,
      body: { mode: "test" },
    });
  }, 30_000);

  it("makes what the other mode's keys don't see", async () => {
    const { id } = (await create()).body;
    expect(await call("GET", `/v1/webhooks/${id}`, undefined, {}, at.tenant.testKey)).toMatchObject({ status: 404 });
    expect((await call("GET", "/v1/webhooks", undefined, {}, at.tenant.testKey)).body).toMatchObject({ data: [] });
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
    await at.api.database.endpoint.updateMany({
      where: { tenantId: at.tenant.id },
      data: { enabled: false, disabledReason: "It answered 410 Gone.", failingSince: new Date() },
    });
    expect((await call("PATCH", `/v1/webhooks/${id}`, { enabled: true })).body).toMatchObject({
      enabled: true,
      disabledReason: null,
      failingSince: null,
    });
  });
});

describe("GET /v1/webhooks/{id}/hours", () => {
  it("counts the reports of each of the last 24 hours, the present one last", async () => {
    const { id } = (await create()).body;
    await call("POST", `/v1/webhooks/${id}/test`, {});
    const { status, body } = await call<{ data: { at: string; waiting: number }[] }>("GET", `/v1/webhooks/${id}/hours`);
    expect(status).toBe(200);
    expect(body.data).toHaveLength(24);
    expect(body.data.map(({ at }) => at)).toEqual(body.data.map(({ at }) => at).toSorted());
    const written = body.data.reduce((sum, { waiting }) => sum + waiting, 0);
    expect(written).toBe(1);
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
    await at.api.database.endpoint.updateMany({
      where: { tenantId: at.tenant.id },
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
      expect(at.queued.at(-1)).toBe(uuidOf("report", body.id));
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
    expect(at.queued).toEqual([]);
  });
});
