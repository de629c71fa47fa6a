import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { faultsOf } from "@tidings/core/faults-of";
import type { Principal } from "@tidings/core/keys/authenticate";
import { requestLimitInForce } from "@tidings/core/limits/limits-in-force";
import { Refusal, type RefusalCode } from "@tidings/shared/refusals";
import { isStorable } from "@tidings/shared/text";
import type { Request, RequestHandler, Response } from "express";
import type { z } from "zod";
import type { ApiDeps } from "./deps";
import { openUpload, parseBody } from "./read-body";
import { maxIdempotencyKeyLength } from "./request-headers";
import type { RequestContext, Route } from "./route";
import { withStoredAnswer } from "./stored-answer";

/** Express' handler of a route: who calls, may they, how often; then the parts are checked and the verb is called. */
export function serveRoute(deps: ApiDeps, route: Route): RequestHandler {
  return async (request, response) => {
    const requestId = response.locals.requestId as string;
    const principal = await authenticate(deps, request);
    await limitRequests(deps, principal, response);
    if (!principal.scopes.has(route.scope)) {
      throw new Refusal("scope_missing", `This needs a key with the scope ${route.scope}.`);
    }
    const input = readInput(route, request);
    const contentType = request.headers["content-type"]?.replace(/;.*/, "").trim().toLowerCase() ?? null;
    const idempotency = readIdempotencyKey(route, request);
    const context: RequestContext = { deps, principal, requestId, contentType, idempotency };
    const run = () => route.handle(context, input as never);
    const answer = route.idempotency === "stored" ? await withStoredAnswer(context, route, run) : await run();
    if (route.download) await sendFile(response, route.download, answer as AsyncIterable<string>);
    else if (route.status === 204) response.status(204).end();
    else response.status(route.status).json(answer);
  };
}

/** What fails before the first of it is a problem like any other; later, the connection breaks off. */
async function sendFile(
  response: Response,
  { type, filename }: NonNullable<Route["download"]>,
  text: AsyncIterable<string>,
): Promise<void> {
  const chunks = text[Symbol.asyncIterator]();
  const first = await chunks.next();
  response.setHeader("Content-Type", `${type}; charset=utf-8`);
  response.setHeader("Content-Disposition", `attachment; filename="${filename}"`);
  const all = async function* () {
    if (!first.done) yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  await pipeline(Readable.from(all()), response);
}

async function authenticate({ authenticator }: ApiDeps, request: Request): Promise<Principal> {
  const key = request.headers["x-api-key"] ?? /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (typeof key !== "string" || key === "") {
    throw new Refusal("key_missing", "Send the API key in the header x-api-key, or as Authorization: Bearer.");
  }
  return await authenticator.authenticate(key, request.ip ?? "");
}

/** Headers as https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ has them. */
async function limitRequests(deps: ApiDeps, principal: Principal, response: Response): Promise<void> {
  const { perSecond } = requestLimitInForce(principal, deps.defaultRequestsPerSecond);
  const state = await deps.limiter.take(principal.tenantId, perSecond);
  response.setHeader("RateLimit-Policy", `"tenant";q=${state.limit};w=1`);
  response.setHeader("RateLimit", `"tenant";r=${state.remaining};t=${state.resetSeconds}`);
  if (!state.allowed) {
    const retryAfterSeconds = state.resetSeconds;
    throw new Refusal("rate_limited", `More than ${state.limit} requests in a second.`, { retryAfterSeconds });
  }
}

function readInput(route: Route, request: Request) {
  return {
    // An id of the wrong form names nothing that exists.
    params: route.params && check(route.params, request.params, "not_found", "There is no such thing here."),
    query: route.query && check(route.query, request.query, "invalid_query", "A query parameter is not valid."),
    body: route.upload
      ? openUpload(request, route.upload)
      : route.body &&
        check(route.body, parseBody(request, route.bodyMayBeAbsent), "invalid_body", "The body is not valid."),
  };
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown, code: RefusalCode, message: string) {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Refusal(code, message, { faults: code === "not_found" ? [] : faultsOf(parsed.error) });
}

function readIdempotencyKey(route: Route, request: Request): RequestContext["idempotency"] {
  const key = request.headers["idempotency-key"];
  if (key === undefined || route.idempotency === undefined) return null;
  if (typeof key !== "string" || key === "" || key.length > maxIdempotencyKeyLength || !isStorable(key)) {
    throw new Refusal("invalid_header", `The Idempotency-Key must have 1 to ${maxIdempotencyKeyLength} characters.`);
  }
  const bodyHash = createHash("sha256")
    .update(`${request.method} ${request.path}\n${request.body}`)
    .digest("base64url");
  return { key, bodyHash };
}
