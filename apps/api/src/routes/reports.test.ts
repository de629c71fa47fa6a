import type { PublicReport } from "@tidings/core/reports/report-schemas";
import type { Prisma } from "@tidings/db/client";
import { newUuid, publicId, uuidOf } from "@tidings/shared/ids";
import { reportEventTypes } from "@tidings/shared/report-events";
import { describe, expect, it } from "vitest";
import { type Report, useWebhooks } from "../testing/use-webhooks";

interface Repetition {
  reports: number;
  hasMore: boolean;
  nextCursor: string | null;
}

const { at, call, create } = useWebhooks();
const reportsOf = async (id: string, query = "") =>
  (await call<{ data: Report[]; nextCursor: string | null }>("GET", `/v1/webhooks/${id}/reports?${query}`)).body;

/** A report of an endpoint as the pipeline leaves it. */
async function makeReport(endpoint: string, fields: Partial<Prisma.ReportUncheckedCreateInput> = {}) {
  const row = await at.api.database.report.create({
    data: {
      tenantId: at.tenant.id,
      mode: "live",
      endpointId: uuidOf("endpoint", endpoint) as string,
      type: "delivery.sent",
      facts: { id: newUuid(), channel: "email", address: "ann@example.com", status: "SENT" },
      ...fields,
    },
  });
  return row.id;
}

describe("DELETE /v1/webhooks/{id}", () => {
  it("fails what was still to be posted and keeps what is known of it", async () => {
    const [{ id }, other] = [(await create()).body, (await create()).body];
    const [pending, elsewhere] = [await makeReport(id), await makeReport(other.id)];
    const delivered = await makeReport(id, { status: "DELIVERED" });
    await at.api.database.reportSchedule.create({
      data: { reportId: pending, endpointId: uuidOf("endpoint", id) as string, dueAt: new Date() },
    });
    expect((await call("DELETE", `/v1/webhooks/${id}`)).status).toBe(204);
    expect((await call("GET", `/v1/webhooks/${id}`)).status).toBe(404);
    const statuses = await at.api.database.report.findMany({
      where: { tenantId: at.tenant.id },
      select: { id: true, status: true },
    });
    expect(Object.fromEntries(statuses.map(({ id, status }) => [id, status]))).toEqual({
      [pending]: "FAILED",
      [delivered]: "DELIVERED",
      [elsewhere]: "PENDING",
    });
    expect(await at.api.database.reportSchedule.count({ where: { reportId: pending } })).toBe(0);
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
    await at.api.database.reportAttempt.create({
      data: { reportId, tenantId: at.tenant.id, number: 1, startedAt: new Date(), ...attempt },
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
    expect(at.queued).toEqual([delivered]);
    expect(await at.api.database.reportSchedule.count({ where: { reportId: delivered } })).toBe(1);
    await at.api.database.report.updateMany({
      where: { tenantId: at.tenant.id },
      data: { leaseUntil: new Date(Date.now() + 60_000) },
    });
    expect((await redeliver()).status).toBe(202);
    expect(at.queued).toEqual([delivered]);
  });

  it("of an endpoint that is disabled or gone are not", async () => {
    const { id } = (await create()).body;
    await makeReport(id);
    const [{ id: shown } = { id: "" }] = (await reportsOf(id)).data;
    await call("PATCH", `/v1/webhooks/${id}`, { enabled: false });
    expect(await call("POST", `/v1/reports/${shown}/redeliver`)).toMatchObject({ status: 409 });
    await call("DELETE", `/v1/webhooks/${id}`);
    expect(await call("POST", `/v1/reports/${shown}/redeliver`)).toMatchObject({ status: 409 });
    expect(at.queued).toEqual([]);
  });
});

describe("GET /v1/notifications/{id}/reports", () => {
  const reports = (id: string, query = "") =>
    call<{ data: PublicReport[]; nextCursor: string | null }>("GET", `/v1/notifications/${id}/reports${query}`);

  it("lists those to every endpoint, newest first, page by page, and of no other notification", async () => {
    const [{ id: one }, { id: other }] = [(await create()).body, (await create()).body];
    const content = { subject: "Hi", text: "Hello" };
    const body = { channel: "email", recipient: { email: "ann@example.com" }, content };
    const send = async () => (await call<{ id: string }>("POST", "/v1/notifications", body)).body.id;
    const [id] = [await send(), await send()];
    const { data } = (await reports(id)).body;
    expect(data.map(({ endpointId }) => endpointId).toSorted()).toEqual([one, other].toSorted());
    expect(data.map(({ notificationId }) => notificationId)).toEqual([id, id]);
    const first = (await reports(id, "?limit=1")).body;
    const second = (await reports(id, `?limit=1&cursor=${first.nextCursor}`)).body;
    expect([...first.data, ...second.data]).toEqual(data);
    expect(second.nextCursor).toBeNull();
  });

  it("knows no notification that is not the tenant's", async () => {
    expect((await reports(publicId("notification", newUuid()))).status).toBe(404);
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
    expect(at.queued).toEqual(failed);
    expect((await recover(id)).body.reports).toBe(0);
  });

  it("brings forward what waits hours for its next attempt, and leaves alone what was not tried yet", async () => {
    const { id } = (await create()).body;
    const waiting = await makeReport(id, { attempts: 6, nextAttemptAt: new Date(Date.now() + 10 * 3_600_000) });
    await makeReport(id, {});
    expect((await recover(id)).body.reports).toBe(1);
    expect(at.queued).toEqual([waiting]);
    expect((await call(`GET`, `/v1/reports/${publicId("report", waiting)}`)).body).toMatchObject({
      ...{ status: "PENDING", attemptCount: 6, nextAttemptAt: null },
    });
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
    expect(at.queued).toEqual([uuidOf("report", report?.id ?? "")]);
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
