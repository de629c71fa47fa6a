import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "./logger";
import type { Metrics } from "./metrics";
import { checkReadiness, type ReadinessCheck } from "./readiness";

export interface HealthServerOptions {
  /** 0 takes a free port. */
  port: number;
  /** What must answer before the process is of use, by name. */
  checks: Record<string, ReadinessCheck>;
  /** A check that takes longer has failed. */
  checkTimeoutMs?: number;
  metrics: Metrics;
  logger: Logger;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves a process that has no other HTTP: `/livez` (the event loop turns), `/readyz` (200 or 503, each check by name) and `/metrics`.
 * @throws {Error} when the port is taken
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const { checks, checkTimeoutMs, metrics, logger } = options;
  const routes: Record<string, (response: ServerResponse) => Promise<void> | void> = {
    "/livez": (response) => answerJson(response, 200, { status: "live" }),
    "/readyz": async (response) => {
      const readiness = await checkReadiness(checks, checkTimeoutMs);
      answerJson(response, readiness.status === "ready" ? 200 : 503, readiness);
    },
    "/metrics": async (response) => {
      const { contentType, body } = await metrics.scrape();
      response.writeHead(200, { "content-type": contentType }).end(body);
    },
  };

  const server = createServer(async (request, response) => {
    const path = request.url?.split("?", 1)[0] ?? "";
    try {
      const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
      if (route) await route(response);
      else answerJson(response, 404, { status: "not found" });
    } catch (err) {
      logger.error({ err, path }, "health request failed");
      answerJson(response, 500, { status: "error" });
    }
  });
  server.listen(options.port);
  await once(server, "listening");

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
