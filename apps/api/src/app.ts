import { createServer, IncomingMessage, type Server, ServerResponse } from "node:http";
import { checkReadiness } from "@tidings/runtime/readiness";
import { newUuid } from "@tidings/shared/ids";
import { problemOf } from "@tidings/shared/problem";
import { Refusal } from "@tidings/shared/refusals";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import type { ApiDeps } from "./deps";
import { serveDocs } from "./docs";
import { readBodyText } from "./read-body";
import { serveReceipts } from "./receipts";
import { refusalOf } from "./refusal-of";
import { saneRequestId } from "./request-headers";
import { routes } from "./routes";
import { serveRoute } from "./serve-route";
import { serveStripeWebhooks } from "./stripe-webhooks";
import { serveTracking } from "./tracking";
import { serveUnsubscribe } from "./unsubscribe";

/** The public door as an Express app: every route of the table, health, metrics and the reference. */
export function createApp(deps: ApiDeps): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag"); // answers change too often to be worth a hash each
  app.set("query parser", "simple");
  app.set("case sensitive routing", true);
  app.set("trust proxy", deps.trustedProxies);
  app.use(nameRequest);
  serveOperations(app, deps);
  serveDocs(app, routes);
  serveReceipts(app, deps);
  serveStripeWebhooks(app, deps);
  serveTracking(app, deps.receipts);
  serveUnsubscribe(app, deps.unsubscribes);
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ":$1");
    app[route.method.toLowerCase() as "get"](path, ...(route.upload ? [] : [readBodyText]), serveRoute(deps, route));
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).map((route) => route.method);
    app.all(path.replaceAll(/\{(\w+)\}/g, ":$1"), refuseMethod(methods));
  }
  app.use(() => {
    throw new Refusal("route_not_found", "There is no such route; /docs lists those there are.");
  });
  app.use(answerProblem(deps));
  return app;
}

/**
 * An HTTP server for an Express app whose requests and responses are born with Express' prototypes. Express sets them on
 * each request otherwise, which makes V8 drop what it has optimised: two thirds of what an empty request costs.
 * They must be derived classes: only then V8 makes room for the fields of their bases, and they don't become dictionaries.
 */
export function createAppServer(app: Express): Server {
  class Request extends IncomingMessage {}
  class Response extends ServerResponse {}
  Object.setPrototypeOf(Request.prototype, app.request);
  Object.setPrototypeOf(Response.prototype, app.response);
  Object.assign(app, { request: Request.prototype, response: Response.prototype });
  return createServer(
    {
      IncomingMessage: Request,
      ServerResponse: Response,
      keepAliveTimeout: 65_000, // longer than a load balancer's, so that it closes first
      requestTimeout: 30_000,
    },
    app,
  );
}

const nameRequest: RequestHandler = (request, response, next) => {
  const given = request.headers["x-request-id"];
  const requestId = typeof given === "string" && saneRequestId.test(given) ? given : `req_${newUuid()}`;
  response.locals.requestId = requestId;
  response.setHeader("X-Request-Id", requestId);
  next();
};

function serveOperations(app: Express, { checks, metrics }: ApiDeps): void {
  app.get("/livez", (_request, response) => {
    response.json({ status: "live" });
  });
  app.get("/readyz", async (_request, response) => {
    const readiness = await checkReadiness(checks);
    response.status(readiness.status === "ready" ? 200 : 503).json(readiness);
  });
  app.get("/metrics", async (_request, response) => {
    const { contentType, body } = await metrics.scrape();
    response.setHeader("content-type", contentType);
    response.end(body);
  });
}

function refuseMethod(methods: readonly string[]): RequestHandler {
  return (_request, response) => {
    response.setHeader("Allow", methods.join(", "));
    throw new Refusal("method_not_allowed", `This route takes ${methods.join(", ")}.`);
  };
}

function answerProblem({ logger }: ApiDeps): ErrorRequestHandler {
  return (error, request, response, next) => {
    const requestId = response.locals.requestId as string;
    const refusal = refusalOf(error);
    const problem = problemOf(refusal, requestId);
    if (problem.code === "internal_error")
      logger.error({ err: error, requestId, path: request.path }, "request failed");
    else if (problem.status === 503) logger.warn({ err: error, requestId }, "request refused, worth trying again");
    if (response.headersSent) return next(error);
    if (refusal.retryAfterSeconds !== undefined) response.setHeader("Retry-After", refusal.retryAfterSeconds);
    response.status(problem.status).type("application/problem+json").send(JSON.stringify(problem));
  };
}
