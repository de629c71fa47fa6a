import { once, setMaxListeners } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { guardedPoster } from "@tidings/channels/providers/guarded-post";
import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { publicId } from "@tidings/shared/ids";
import { selfSignedCertificate } from "@tidings/tests/fakes/self-signed-certificate";
import { createWebhookSink, type SunkWebhook } from "@tidings/tests/fakes/webhook-sink";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rotateEndpointSecret } from "../endpoints/rotate-endpoint-secret";
import type { DeliverJob } from "../pipeline/deliver";
import { createDeliverReport } from "./deliver-report";
import { storeEndpoint, storeReports, testSealer } from "./testing/stored-reports";
import type { WrittenReport } from "./write-reports";

let database: Database;
let tenantId: string;
let posts: SunkWebhook[];
let letters: { to: string; text: string }[];
let queued: WrittenReport[];
let cleanups: (() => unknown)[];
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  tenantId = (await createTestTenant(database)).id;
  [posts, letters, queued, cleanups] = [[], [], [], []];
});
afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

async function startSink() {
  const sink = await createWebhookSink({ onMessage: (post) => posts.push(post) });
  cleanups.push(() => sink.close());
  return sink;
}

/** @returns the URL of a receiver that answers as it likes */
async function listen(onRequest: RequestListener, isTls = false): Promise<string> {
  const server = isTls ? createHttpsServer(selfSignedCertificate, onRequest) : createHttpServer(onRequest);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `${isTls ? "https" : "http"}://localhost:${(server.address() as AddressInfo).port}/`;
}

function startDelivering(outboundAllow = ["127.0.0.0/8", "::1/128"]) {
  const poster = guardedPoster(outboundAllow);
  cleanups.push(() => poster.close());
  return createDeliverReport({
    database,
    poster,
    sealer: testSealer,
    queueReports: async (reports) => void queued.push(...reports),
    notifyTeam: async (to, { text }) => letters.push({ to, text }) > 0,
    concurrency: 1_000,
    logger: createLogger({ name: "test", level: "silent" }),
    metrics: createMetrics({ process: "test" }),
  });
}

/** An endpoint at a URL with one report that is due, and what comes of trying it. */
async function prepare(url: string, { headers, allow }: { headers?: Record<string, string>; allow?: string[] } = {}) {
  const { id: endpointId, secret } = await storeEndpoint(database, tenantId, { url, ...(headers && { headers }) });
  const [id = ""] = await storeReports(database, { tenantId, endpointId });
  const { deliver } = startDelivering(allow);
  const job = { id, tenantId: endpointId, priority: 2 };
  return {
    id,
    endpointId,
    secret,
    deliver: (signal = new AbortController().signal) => deliver(job, signal),
    makeDue: () => database.report.updateMany({ where: { id }, data: { nextAttemptAt: null } }),
    row: () => database.report.findFirstOrThrow({ where: { id } }),
    attempts: () => database.reportAttempt.findMany({ where: { reportId: id }, orderBy: { number: "asc" } }),
  };
}

const done = { kind: "done" };
/** Later, within a tenth of the wait. */
function expectLater(delivered: { kind: string; delayMs?: number }, ms: number): void {
  expect(delivered.kind).toBe("later");
  expect(delivered.delayMs).toBeGreaterThanOrEqual(ms * 0.9);
  expect(delivered.delayMs).toBeLessThanOrEqual(ms * 1.1);
}

describe("a report", () => {
  it("is posted signed, with the endpoint's own headers, and recorded", async () => {
    const sink = await startSink();
    const report = await prepare(`${sink.url}/hooks`, { headers: { authorization: "Bearer r" } });
    expect(await report.deliver()).toEqual(done);
    const [post] = posts as [SunkWebhook];
    expect(post).toMatchObject({ path: "/hooks", headers: { authorization: "Bearer r", "user-agent": "Tidings" } });
    expect(post.headers).toMatchObject({
      "webhook-id": publicId("report", report.id),
      "content-type": "application/json",
    });
    const body = new Webhook(report.secret).verify(post.body, post.headers);
    expect(body).toMatchObject({ type: "delivery.sent", data: { status: "SENT", address: "ann@example.com" } });
    expect(await report.row()).toMatchObject({ status: "DELIVERED", attempts: 1 });
    expect(await report.attempts()).toMatchObject([{ outcome: "delivered", statusCode: 200 }]);
  });

  it("is signed with both secrets while both are valid", async () => {
    const sink = await startSink();
    const { endpointId, secret, deliver } = await prepare(sink.url);
    const rotated = { secret: undefined, overlapSeconds: 60 };
    const owner = { tenantId, mode: "test" as const };
    const row = await rotateEndpointSecret({ database, sealer: testSealer }, owner, endpointId, rotated);
    await deliver();
    const [post] = posts as [SunkWebhook];
    const next = testSealer.open(row.sealedSecret, { tenantId, field: `endpoint.${endpointId}.secret` });
    for (const valid of [secret, next]) expect(new Webhook(valid).verify(post.body, post.headers)).toBeTruthy();
  });

  it("that failed is posted again under the same id, byte for byte, at another time", async () => {
    const sink = await startSink();
    sink.script.next(1, { status: 500, body: "oops" });
    const report = await prepare(sink.url);
    expectLater(await report.deliver(), 5_000);
    expect(await report.row()).toMatchObject({ status: "PENDING", settledAt: null });
    const early = await report.deliver(); // not due yet
    expect(early).toMatchObject({ kind: "later" });
    expect(sink.tally.total).toBe(0);
    await report.makeDue();
    expect(await report.deliver()).toEqual(done);
    expect(await report.attempts()).toMatchObject([
      { number: 1, outcome: "deferred", statusCode: 500, response: "oops", reason: "500 oops" },
      { number: 2, outcome: "delivered", statusCode: 200 },
    ]);
    expect(await database.endpoint.findUnique({ where: { id: report.endpointId } })).toMatchObject({
      failingSince: null,
    });
  });

  it("is posted once when it comes twice, and not again once it got through", async () => {
    const sink = await startSink();
    const report = await prepare(sink.url);
    await Promise.all([report.deliver(), report.deliver()]);
    expect(await report.deliver()).toEqual(done);
    expect(posts).toHaveLength(1);
  });

  it("fails for good after its eighth attempt", async () => {
    const sink = await startSink();
    sink.script.next(8, { status: 503 });
    const report = await prepare(sink.url);
    for (let attempt = 1; attempt < 8; attempt += 1) {
      expect(await report.deliver()).toMatchObject({ kind: "later" });
      await report.makeDue();
    }
    expect(await report.deliver()).toEqual(done);
    expect(await report.row()).toMatchObject({ status: "FAILED", attempts: 8 });
    expect((await report.attempts()).at(-1)).toMatchObject({ number: 8, outcome: "failed", statusCode: 503 });
  });
});

describe("an endpoint that", () => {
  it("redirects has failed, and nobody follows it", async () => {
    const sink = await startSink();
    const report = await prepare(
      await listen((_request, response) => response.writeHead(301, { location: sink.url }).end()),
    );
    expectLater(await report.deliver(), 5_000);
    expect(posts).toHaveLength(0);
    expect(await report.attempts()).toMatchObject([{ statusCode: 301, outcome: "deferred" }]);
  });

  it.each([429, 503])("answers %i is left alone for as long as it asks", async (status) => {
    const sink = await startSink();
    sink.script.next(1, { status, headers: { "retry-after": "120" } });
    const { deliver } = await prepare(sink.url);
    expectLater(await deliver(), 120_000);
  });

  it("asks for a wait with another status isn't asked", async () => {
    const sink = await startSink();
    sink.script.next(1, { status: 500, headers: { "retry-after": "120" } });
    const { deliver } = await prepare(sink.url);
    expectLater(await deliver(), 5_000);
  });

  it("answers 410 is disabled, and its team and the tenant's other endpoints are told", async () => {
    const sink = await startSink();
    sink.script.next(1, { status: 410, body: "gone" });
    const report = await prepare(sink.url);
    const watcher = await storeEndpoint(database, tenantId, { events: ["endpoint.disabled"] });
    expect(await report.deliver()).toEqual(done);
    expect(await report.row()).toMatchObject({ status: "FAILED" });
    expect(letters).toEqual([{ to: tenantId, text: expect.stringContaining(`${sink.url}. It answered 410 Gone.`) }]);
    expect(queued).toMatchObject([{ endpointId: watcher.id }]);
    const [next = ""] = await storeReports(database, { tenantId, endpointId: report.endpointId });
    await startDelivering().deliver({ id: next, tenantId: report.endpointId, priority: 2 }, AbortSignal.timeout(9_000));
    expect(await database.report.findFirst({ where: { id: next } })).toMatchObject({ status: "FAILED", attempts: 0 });
  });

  it("hangs is given up when the time is over", async () => {
    const limit = new AbortController();
    const report = await prepare(await listen(() => limit.abort(new Error("not done within 20 s"))));
    expectLater(await report.deliver(limit.signal), 5_000);
    const [attempt] = await report.attempts();
    expect(attempt).toMatchObject({ outcome: "deferred", statusCode: null, response: null });
    expect(attempt?.reason).toBe("not done within 20 s");
  });

  it("drips its answer is cut off, and the status has decided", async () => {
    const limit = new AbortController();
    const url = await listen((_request, response) => {
      response.writeHead(200);
      response.write("d");
      const dripping = setInterval(() => response.write("d"), 20);
      setTimeout(() => limit.abort(new Error("not done within 20 s")), 200);
      response.on("close", () => clearInterval(dripping));
    });
    const report = await prepare(url);
    expect(await report.deliver(limit.signal)).toEqual(done);
    const [attempt] = await report.attempts();
    expect(attempt).toMatchObject({ outcome: "delivered", statusCode: 200 });
    expect(attempt?.response).toMatch(/^d+ \(broken off: /);
  });

  it("answers with megabytes is read no further than 20 KB", async () => {
    let sent = 0;
    const url = await listen((_request, response) => {
      response.writeHead(500);
      const more = () => {
        while (sent < 5_000_000 && !response.destroyed) {
          sent += 10_000;
          if (!response.write("x".repeat(10_000))) return void response.once("drain", more);
        }
        response.end();
      };
      more();
    });
    const report = await prepare(url);
    expectLater(await report.deliver(), 5_000);
    const [attempt] = await report.attempts();
    expect(attempt?.response).toBe("x".repeat(20_480));
    expect(attempt?.reason).toBe(`500 ${"x".repeat(500)}`);
    expect(sent).toBeLessThan(5_000_000);
  });

  it("shows a certificate that nobody vouches for gets nothing", async () => {
    let requests = 0;
    const report = await prepare(
      await listen((_request, response) => {
        requests += 1;
        response.end();
      }, true),
    );
    expectLater(await report.deliver(), 5_000);
    expect(requests).toBe(0);
    expect((await report.attempts())[0]?.reason).toContain("self-signed certificate");
  });

  it("leads to a private address when it is connected to gets nothing", async () => {
    const sink = await startSink();
    const report = await prepare(`http://localhost:${sink.port}/`, { allow: [] });
    expectLater(await report.deliver(), 5_000);
    expect(posts).toHaveLength(0);
    expect(await report.attempts()).toMatchObject([
      { reason: "localhost resolves to an address that is not public", statusCode: null },
    ]);
  });

  it("hangs holds up twenty reports at most, and nothing of the others", async () => {
    const limit = new AbortController();
    setMaxListeners(0, limit.signal); // a group hangs on one, as a worker has it
    let hanging = 0;
    const url = await listen(() => {
      hanging += 1;
    });
    const { id: endpointId } = await storeEndpoint(database, tenantId, { url });
    const ids = await storeReports(database, { tenantId, endpointId, count: 60 });
    const sink = await startSink();
    const quick = await storeEndpoint(database, tenantId, { url: sink.url });
    const others = await storeReports(database, { tenantId, endpointId: quick.id, count: 20 });
    const { deliver } = startDelivering();
    const all = ids.map((id) => deliver({ id, tenantId: endpointId, priority: 2 }, limit.signal));
    await Promise.all(others.map((id) => deliver({ id, tenantId: quick.id, priority: 2 }, limit.signal)));
    expect(posts).toHaveLength(20);
    await expect.poll(() => hanging).toBe(20);
    limit.abort(new Error("not done within 20 s"));
    expect((await Promise.all(all)).every(({ kind }) => kind === "later")).toBe(true);
    expect(hanging).toBe(20);
    expect(await database.report.count({ where: { endpointId, attempts: 0 } })).toBe(40);
  });

  it("hangs with many others holds a part of a worker's room, and those that answer get theirs", async () => {
    const limit = new AbortController();
    setMaxListeners(0, limit.signal);
    let hanging = 0;
    const url = await listen(() => {
      hanging += 1;
    });
    const sink = await startSink();
    const { deliver } = startDelivering();
    const jobsOf = async (to: string, count: number) => {
      const { id: endpointId } = await storeEndpoint(database, tenantId, { url: to });
      const ids = await storeReports(database, { tenantId, endpointId, count });
      return ids.map((id) => ({ id, tenantId: endpointId, priority: 2 }));
    };
    const jobs: DeliverJob[] = [];
    const answering: DeliverJob[][] = [];
    for (let number = 0; number < 40; number += 1) jobs.push(...(await jobsOf(url, 20)));
    for (let number = 0; number < 10; number += 1) answering.push(await jobsOf(sink.url, 20));
    const held = jobs.map((job) => deliver(job, limit.signal));
    await expect.poll(() => hanging).toBe(250 + 27);
    const sent = answering.map(async (theirs) => {
      const [first, ...others] = theirs.map((job) => () => deliver(job, limit.signal));
      return [await first?.(), ...(await Promise.all(others.map((come) => come())))];
    });
    expect((await Promise.all(sent)).flat()).toEqual(Array.from({ length: 200 }, () => done));
    expect(hanging).toBe(250 + 27);
    limit.abort(new Error("not done within 20 s"));
    await Promise.all(held);
  });

  it("hangs beside others on its host takes no connection from a neighbour that answers", async () => {
    const limit = new AbortController();
    setMaxListeners(0, limit.signal);
    let hanging = 0;
    const url = await listen((request, response) => {
      if (request.url === "/quick") response.end();
      else hanging += 1;
    });
    const { deliver } = startDelivering();
    const postAll = async (path: string) => {
      const { id: endpointId } = await storeEndpoint(database, tenantId, { url: url + path });
      const ids = await storeReports(database, { tenantId, endpointId, count: 20 });
      return ids.map((id) => deliver({ id, tenantId: endpointId, priority: 2 }, limit.signal));
    };
    const held = (await Promise.all(["a", "b", "c", "d"].map(postAll))).flat();
    await expect.poll(() => hanging).toBe(80);
    expect(await Promise.all(await postAll("quick"))).toEqual(Array.from({ length: 20 }, () => done));
    limit.abort(new Error("not done within 20 s"));
    await Promise.all(held);
  });
});
