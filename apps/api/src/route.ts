import type { Principal } from "@tidings/core/keys/authenticate";
import type { RefusalCode } from "@tidings/shared/refusals";
import type { Scope } from "@tidings/shared/scopes";
import type { z } from "zod";
import type { ApiDeps } from "./deps";

/** What a handler knows of the request beside its checked parts. */
export interface RequestContext {
  deps: ApiDeps;
  principal: Principal;
  requestId: string;
  /** The body's media type without its parameters; null without a body. */
  contentType: string | null;
  /** The Idempotency-Key with a hash of method, path and body; null without one. */
  idempotency: { key: string; bodyHash: string } | null;
}

/** A body or an answer that is no JSON. */
export interface Media {
  /** Such as `text/csv`. */
  type: string;
  description: string;
  example: string;
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/**
 * One route, as data: the router, the OpenAPI document and the tests that try every route are all made from it.
 * A path parameter stands in braces, as in OpenAPI.
 */
export interface Route<
  Params extends z.ZodObject | undefined = z.ZodObject | undefined,
  Query extends z.ZodObject | undefined = z.ZodObject | undefined,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
  Upload extends (Media & { maxBytes: number }) | undefined = (Media & { maxBytes: number }) | undefined,
> {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: `/v1/${string}`;
  /** Unique; names the operation in generated clients. */
  operationId: string;
  tag: string;
  summary: string;
  description?: string;
  scope: Scope;
  params?: Params;
  query?: Query;
  body?: Body;
  /** A request without any body is taken as one with `{}`. */
  bodyMayBeAbsent?: true;
  /** What the reference shows instead of `body`, where the handler checks more than `body` says. */
  documentedBody?: z.ZodType;
  /** Bodies to start from, by name. */
  examples?: Readonly<Record<string, { summary: string; value: unknown }>>;
  /** Instead of `body`: the handler is given a stream of bytes, which ends in a refusal past `maxBytes`. */
  upload?: Upload;
  /** Status of success, with what it answers; a 204 answers nothing. */
  status: 200 | 201 | 202 | 204;
  response?: z.ZodType;
  /** Instead of `response`: the handler gives a stream of text, which is answered as a file. */
  download?: Media & { filename: string };
  /** Refusals of its own, beside those every route has. */
  refusals?: readonly RefusalCode[];
  /**
   * Who keeps the promise of the Idempotency-Key: `handler` when the verb itself writes key and rows together, `stored`
   * when the answer is kept around the handler. Absent on routes that create nothing.
   */
  idempotency?: "handler" | "stored";
  /**
   * With `stored`: what is kept of an answer, and given to repeated requests. For an answer with a secret in it, which
   * must not be stored.
   */
  redactStored?(answer: unknown): unknown;
  handle(
    context: RequestContext,
    input: {
      params: Parsed<Params>;
      query: Parsed<Query>;
      body: Upload extends Media ? AsyncIterable<Uint8Array> : Parsed<Body>;
    },
  ): Promise<unknown>;
}

/** Declares a route; gives the types of its checked parts to its handler. */
export function defineRoute<
  const Params extends z.ZodObject | undefined = undefined,
  const Query extends z.ZodObject | undefined = undefined,
  const Body extends z.ZodType | undefined = undefined,
  const Upload extends (Media & { maxBytes: number }) | undefined = undefined,
>(route: Route<Params, Query, Body, Upload>): Route {
  return route as unknown as Route;
}
