import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createCaller } from "../app-router";
import type { Context } from "../context";
import { createReadStatus } from "../status/read-system-status";

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});

/** A process that answers as told, on a free port. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function serveReadiness(checks: Record<string, { ok: boolean; error?: string; latencyMs?: number }>): Promise<string> {
  const ready = Object.values(checks).every(({ ok }) => ok);
  return serve((request, response) => {
    if (request.url !== "/readyz") response.writeHead(404).end();
    else response.writeHead(ready ? 200 : 503).end(JSON.stringify({ status: ready ? "ok" : "failing", checks }));
  });
}

/** The address of a process that has stopped. */
async function stoppedProcess(): Promise<string> {
  const url = await serve(() => {});
  const server = servers.pop();
  server?.close();
  return url;
}

const well = { postgres: { ok: true, latencyMs: 1 }, redis: { ok: true }, eventLog: { ok: true } };

function readStatus(urls: { api: string; consumer: string; worker: string }) {
  const context = { house: { readStatus: createReadStatus(urls) } } as unknown as Context; // it is asked of the processes alone
  return createCaller(context).status.get();
}

test("says ok for every process and store when all are ready", async () => {
  const status = await readStatus({
    api: await serveReadiness(well),
    consumer: await serveReadiness({ ...well, postgres: { ok: true, latencyMs: 7 } }),
    worker: await serveReadiness({ postgres: well.postgres, redis: well.redis }),
  });

  expect(status.processes.map(({ name, state }) => [name, state])).toEqual([
    ["API", "ok"],
    ["Consumer", "ok"],
    ["Worker", "ok"],
  ]);
  expect(status.stores).toEqual([
    { id: "postgres", name: "Postgres", state: "ok", latencyMs: 7 },
    { id: "redis", name: "Redis", state: "ok" },
    { id: "eventLog", name: "Event log", state: "ok" },
  ]);
});

test("shows a store as failing when one process cannot reach it, and that process as not ready", async () => {
  const status = await readStatus({
    api: await serveReadiness(well),
    consumer: await serveReadiness({ ...well, redis: { ok: false, error: "connect ECONNREFUSED" } }),
    worker: await serveReadiness(well),
  });

  expect(status.processes[1]).toEqual({
    id: "consumer",
    name: "Consumer",
    state: "failing",
    reason: "running, not ready: Redis",
  });
  expect(status.stores[1]).toEqual({
    id: "redis",
    name: "Redis",
    state: "failing",
    reason: "a process can't use it", // what it says of itself is for operators
  });
  expect(status.processes[0]?.state).toBe("ok");
});

test("a process that is not running fails, while the others still tell of the stores", async () => {
  const status = await readStatus({
    api: await stoppedProcess(),
    consumer: await serveReadiness(well),
    worker: await serveReadiness(well),
  });

  expect(status.processes[0]).toMatchObject({ state: "failing", reason: "not running (connection refused)" });
  expect(status.stores.map(({ state }) => state)).toEqual(["ok", "ok", "ok"]);
});

test("stores are unknown when no process answers", async () => {
  const down = await stoppedProcess();
  const status = await readStatus({ api: down, consumer: down, worker: down });

  expect(status.stores).toMatchObject([{ state: "unknown" }, { state: "unknown" }, { state: "unknown" }]);
});

test("a process that answers something else than a readiness report fails, and says what it answered", async () => {
  const status = await readStatus({
    api: await serve((_request, response) => response.writeHead(500).end()),
    consumer: await serve((_request, response) => response.end("<h1>Hello</h1>")),
    worker: await serve((_request, response) => response.end(JSON.stringify({ checks: { redis: "fine" } }))),
  });

  expect(status.processes.map(({ reason }) => reason)).toEqual([
    "answered 500 to /readyz",
    "answered /readyz with something else",
    "answered /readyz with something else",
  ]);
});

test("a check that no store is known by is shown by its own name", async () => {
  const status = await readStatus({
    api: await serveReadiness({ ...well, smtp: { ok: false, error: "no answer" } }),
    consumer: await serveReadiness(well),
    worker: await serveReadiness(well),
  });

  expect(status.stores.at(-1)).toEqual({
    id: "smtp",
    name: "smtp",
    state: "failing",
    reason: "a process can't use it",
  });
});
