import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAccept, createPublish } from "@tidings/core/pipeline/index";
import { openDatabase } from "@tidings/db/client";
import { createKafkaEventLog } from "@tidings/runtime/event-log/kafka";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, testRedisUrl } from "../../../tests/setup/test-services";
import { createApp, createAppServer } from "./app";
import { type BreakableLink, openBreakableLink } from "./testing/breakable-link";
import { startTestApi, type TestApi, type TestTenant } from "./testing/start-test-api";

const email = {
  channel: "email",
  recipient: { email: "ann@example.com" },
  content: { subject: "Hello", html: "<h1>Welcome</h1>" },
};

let api: TestApi;
let tenant: TestTenant;
let postgres: BreakableLink;
let redis: BreakableLink;
let database: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  const databaseUrl = await createTestDatabase();
  database = openDatabase({ url: databaseUrl, poolSize: 1, applicationName: "outages-test" });
  postgres = await openBreakableLink(databaseUrl);
  redis = await openBreakableLink(await testRedisUrl());
  api = await startTestApi({ databaseUrl: postgres.url, redisUrl: redis.url });
  tenant = await api.createTenant();
});
afterAll(async () => {
  await api.close();
  await postgres.cut();
  await redis.cut();
  await database.$disconnect();
});

const send = (headers = {}) => api.call("POST", "/v1/notifications", { key: tenant.testKey, body: email, headers });
const statuses = async () => {
  const rows = await database.notification.findMany({ where: { tenantId: tenant.id }, select: { status: true } });
  return rows.map(({ status }) => status);
};

describe("while Redis is away", () => {
  it("accepts, without limits", async () => {
    const answers = [await send()];
    await redis.cut();
    // A process first uses up its share of the limit; then it has to ask Redis.
    await expect
      .poll(async () => answers.push(await send()) && answers.at(-1)?.headers.get("ratelimit"))
      .toBe('"tenant";r=100000;t=0');
    expect(answers.filter(({ status }) => status !== 202)).toEqual([]);
    expect(await statuses()).toEqual(Array(answers.length).fill("PENDING"));
    expect((await api.call("GET", "/readyz")).status).toBe(200);
    await redis.mend();
    await expect.poll(async () => (await send()).headers.get("ratelimit")).toMatch(/r=9\d+/);
  });
});

describe("while Kafka is away", () => {
  let server: Server;
  afterAll(() => server.close());

  it("accepts, and leaves publishing to the sweeper", async () => {
    const { deps } = api;
    const eventLog = createKafkaEventLog({ brokers: ["127.0.0.1:1"], clientId: "outages-test", logger: deps.logger });
    const publish = createPublish({ eventLog, namespace: "outages", logger: deps.logger, metrics: deps.metrics });
    const accept = createAccept({ ...deps, publish });
    server = createAppServer(createApp({ ...deps, publish, accept })).listen(0, "127.0.0.1");
    await once(server, "listening");

    const before = await statuses();
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/notifications`, {
      method: "POST",
      headers: { "x-api-key": tenant.testKey, "content-type": "application/json" },
      body: JSON.stringify(email),
    });
    expect(response.status).toBe(202);
    expect(await statuses()).toEqual([...before, "PENDING"]);
    await eventLog.close();
    await expect.poll(() => api.logLines.join()).toContain("publish failed; the sweeper will publish these");
  });
});

describe("while Postgres is away", () => {
  it("refuses with 503, accepts nothing, says so in /readyz, and goes on when it is back", async () => {
    const before = await statuses();
    await postgres.cut();
    const answers = [
      await send({ "idempotency-key": "again" }),
      await api.call("GET", "/v1/notifications", { key: tenant.testKey }),
      await api.call("GET", "/v1/notifications", { key: tenant.liveKey }), // a key this process has not seen yet
    ];
    for (const { status, headers, body } of answers) {
      expect(status).toBe(503);
      expect(headers.get("content-type")).toMatch(/^application\/problem\+json/);
      expect(headers.get("retry-after")).toBe("2");
      expect(body).toMatchObject({ code: "unavailable", status: 503, requestId: headers.get("x-request-id") });
    }
    expect(await api.call("GET", "/readyz")).toMatchObject({
      status: 503,
      body: { status: "unready", checks: { postgres: { ok: false } } },
    });
    expect((await api.call("GET", "/livez")).status).toBe(200);
    expect(await statuses()).toEqual(before);

    await postgres.mend();
    expect((await send({ "idempotency-key": "again" })).status).toBe(202);
    expect((await api.call("GET", "/readyz")).status).toBe(200);
    expect(await statuses()).toHaveLength(before.length + 1);
  });
});
