import { afterEach, describe, expect, it } from "vitest";
import { type HealthServer, startHealthServer } from "./health-server";
import { createLogger } from "./logger";
import { createMetrics } from "./metrics";
import type { ReadinessCheck } from "./readiness";

const logger = createLogger({ name: "test", level: "silent" });
let server: HealthServer | undefined;
afterEach(() => server?.close());

async function get(path: string, checks: Record<string, ReadinessCheck> = {}) {
  const metrics = createMetrics({ process: "test" });
  server = await startHealthServer({ port: 0, checks, checkTimeoutMs: 50, metrics, logger });
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
  return { status: response.status, body: await response.text() };
}

describe("health server", () => {
  it("is ready when every check passes", async () => {
    const { status, body } = await get("/readyz", { postgres: async () => {}, redis: async () => "PONG" });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({ status: "ready", checks: { postgres: { ok: true }, redis: { ok: true } } });
  });

  it("names the check that fails and the one that hangs", async () => {
    const { status, body } = await get("/readyz", {
      postgres: async () => {},
      redis: () => Promise.reject(new Error("ECONNREFUSED")),
      kafka: () => new Promise(() => {}),
    });
    expect(status).toBe(503);
    expect(JSON.parse(body)).toEqual({
      status: "unready",
      checks: {
        postgres: { ok: true },
        redis: { ok: false, error: "ECONNREFUSED" },
        kafka: { ok: false, error: "no answer in 50 ms" },
      },
    });
  });

  it("is alive while nothing it needs is", async () => {
    expect(await get("/livez", { redis: () => Promise.reject(new Error("down")) })).toMatchObject({ status: 200 });
  });

  it("serves metrics", async () => {
    const { status, body } = await get("/metrics");
    expect(status).toBe(200);
    expect(body).toContain('tidings_accepted_total{process="test"} 0');
  });

  it.each(["/", "/constructor", "/readyz/x"])("knows no other path: %s", async (path) => {
    expect(await get(path)).toMatchObject({ status: 404 });
  });

  it("says which port is taken by throwing", async () => {
    await get("/livez");
    const taken = { port: server?.port ?? 0, checks: {}, metrics: createMetrics({ process: "test" }), logger };
    await expect(startHealthServer(taken)).rejects.toThrow("EADDRINUSE");
  });
});
