import { groupBy } from "@tidings/shared/group-by";
import { problemSchema } from "@tidings/shared/problem";
import { type RefusalCode, refusals } from "@tidings/shared/refusals";
import {
  bodySchemaOf,
  exampleOf,
  type ReportEventType,
  reportEvents,
  reportEventTypes,
} from "@tidings/shared/report-events";
import { z } from "zod";
import {
  createDocument,
  type oas31,
  type ZodOpenApiOperationObject,
  type ZodOpenApiOverride,
  type ZodOpenApiResponseObject,
} from "zod-openapi";
import { maxIdempotencyKeyLength, saneRequestId } from "./request-headers";
import type { Media, Route } from "./route";

/** The OpenAPI 3.1 document of the routes, made from the schemas that check their requests. */
export function createOpenApiDocument(routes: readonly Route[]): oas31.OpenAPIObject {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return createDocument(
    {
      openapi: "3.1.1",
      info: {
        title: "Tidings",
        version: "1.0.0",
        description: introduction,
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      tags: [...new Set(routes.map((route) => route.tag)), "Events"].map((name) => ({ name })),
      security: [{ apiKey: [] }, { bearer: [] }],
      paths,
      webhooks: Object.fromEntries(reportEventTypes.map((type) => [type, { post: webhookOf(type) }])),
      components: {
        securitySchemes: {
          apiKey: { type: "apiKey", in: "header", name: "x-api-key", description: "`tdg_live_…` or `tdg_test_…`" },
          bearer: { type: "http", scheme: "bearer", description: "The same key as `Authorization: Bearer <key>`" },
        },
        responses: Object.fromEntries(everywhere.map(({ id, codes }) => [id, problemResponse(codes)])),
      },
    },
    { override: tidySchema },
  );
}

const introduction = `
One call in, a delivered and recorded message out: by email, SMS, WhatsApp, push, in-app inbox, chat or webhook.

Send a key with every request, as \`x-api-key\`. A key is of one mode: what a \`tdg_test_…\` key sends runs through everything and ends in the sandbox,
and what it reads is only what test keys have sent.

**Sending** answers 202 once the notification is durably stored. Delivery follows; \`GET /v1/notifications/{id}\` tells its story.

**Errors** are [problem details](https://www.rfc-editor.org/rfc/rfc9457) with a stable \`code\`; [every code](/docs/errors) is described with what to do about it.
\`errors\` points to each thing that is wrong in the request.

**Repeating a request** is safe with an \`Idempotency-Key\`: the same key with the same body is answered with the first answer, for at least 24 hours.

**Lists** are read with \`limit\` and \`cursor\`: give \`nextCursor\` of a page to get the next.

**Within /v1** only additions are made: ignore fields you do not know.
`.trim();

/** Refusals every route has, as the shared responses of the document. */
const everywhere = [
  {
    id: "Unauthorized",
    status: 401,
    codes: ["key_missing", "key_malformed", "key_unknown", "key_revoked", "key_expired"],
  },
  { id: "Forbidden", status: 403, codes: ["scope_missing"] },
  { id: "TooManyRequests", status: 429, codes: ["rate_limited"] },
  { id: "InternalError", status: 500, codes: ["internal_error"] },
  { id: "Unavailable", status: 503, codes: ["overloaded", "unavailable"] },
] as const satisfies readonly { id: string; status: number; codes: readonly RefusalCode[] }[];

function operationOf(route: Route): ZodOpenApiOperationObject {
  const body = route.documentedBody ?? route.body;
  const permission = `Needs a key with the scope \`${route.scope}\`.`;
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: route.description ? `${route.description}\n\n${permission}` : permission,
    security: [{ apiKey: [route.scope] }, { bearer: [route.scope] }],
    requestParams: {
      ...(route.params && { path: route.params }),
      ...(route.query && { query: route.query }),
      header: z.object({
        "X-Request-Id": requestIdParameter,
        ...(route.idempotency && { "Idempotency-Key": idempotencyKeyParameter }),
      }),
    },
    ...(body && {
      requestBody: {
        required: !route.bodyMayBeAbsent,
        content: { "application/json": { schema: body, ...(route.examples && { examples: { ...route.examples } }) } },
      },
    }),
    ...(route.upload && { requestBody: { required: true, content: mediaContent(route.upload) } }),
    responses: { [route.status]: successResponse(route), ...problemResponses(route) },
  };
}

/** What an endpoint that asked for an event is posted. */
function webhookOf(type: ReportEventType): ZodOpenApiOperationObject {
  return {
    operationId: type,
    tags: ["Events"],
    summary: reportEvents[type],
    security: [],
    requestParams: { header: z.object(webhookHeaders) },
    requestBody: {
      required: true,
      content: { "application/json": { schema: bodySchemaOf(type), example: exampleOf(type) } },
    },
    responses: {
      "2XX": { description: "Taken. Any other answer, a redirect too, and none within 15 seconds, is tried again" },
      "410": { description: "Wants no more: the endpoint is disabled" },
    },
  };
}

function mediaContent({ type, description, example }: Media) {
  return { [type]: { schema: z.string().meta({ description }), example } };
}

function successResponse({ status, response, download }: Route): ZodOpenApiResponseObject {
  return {
    description: { 200: "Done", 201: "Made", 202: "Accepted: durably stored, on its way", 204: "Done" }[status],
    headers: z.object(answerHeaders),
    ...(response && { content: { "application/json": { schema: response } } }),
    ...(download && { content: mediaContent(download) }),
  };
}

function problemResponses(route: Route): ZodOpenApiOperationObject["responses"] {
  const own = groupBy(refusalsOf(route), (code) => refusals[code].status);
  const shared = everywhere.map(({ status, id, codes }) => {
    const more = own.get(status);
    own.delete(status);
    return [status, more ? problemResponse([...codes, ...more]) : { $ref: `#/components/responses/${id}` }];
  });
  return Object.fromEntries([...shared, ...[...own].map(([status, codes]) => [status, problemResponse(codes)])]);
}

/** Refusals a route can have beside those every route has: what its parts bring with them, and its own. */
function refusalsOf(route: Route): RefusalCode[] {
  const codes: RefusalCode[] = [
    ...(route.query ? (["invalid_query"] as const) : []),
    ...(route.params ? (["not_found"] as const) : []),
    ...(route.body ? (["malformed_json", "unsupported_media_type", "body_too_large", "invalid_body"] as const) : []),
    ...(route.upload ? (["unsupported_media_type", "body_too_slow", "body_too_large"] as const) : []),
    ...(route.idempotency ? (["invalid_header", "idempotency_mismatch"] as const) : []),
    ...(route.idempotency === "stored" ? (["idempotency_in_progress"] as const) : []),
    ...(route.refusals ?? []),
  ];
  const shared = new Set<RefusalCode>(everywhere.flatMap((response) => response.codes));
  return [...new Set(codes)].filter((code) => !shared.has(code));
}

function problemResponse(codes: readonly RefusalCode[]): ZodOpenApiResponseObject {
  const { "X-Request-Id": requestId, RateLimit, "RateLimit-Policy": policy } = answerHeaders;
  const isKnownCaller = codes.every((code) => refusals[code].status !== 401);
  const isPassing = codes.some((code) => passing.has(code));
  return {
    description: codes.map((code) => `[\`${code}\`](/docs/errors#${code}): ${refusals[code].title}.`).join("\n\n"),
    headers: z.object({
      "X-Request-Id": requestId,
      ...(isKnownCaller && { RateLimit, "RateLimit-Policy": policy }),
      ...(isPassing && { "Retry-After": retryAfter }),
    }),
    content: { "application/problem+json": { schema: problemSchema } },
  };
}

/** Refusals that say when to send the request again. */
const passing = new Set<RefusalCode>(["rate_limited", "overloaded", "unavailable", "idempotency_in_progress"]);

const requestIdParameter = z
  .string()
  .regex(saneRequestId)
  .optional()
  .meta({
    description: "Your own name for the request: answered in the same header, stored, and searchable",
    examples: ["checkout-7421"],
    param: { id: "RequestId" },
  });
const idempotencyKeyParameter = z
  .string()
  .min(1)
  .max(maxIdempotencyKeyLength)
  .optional()
  .meta({
    description: "Makes repeating the request safe; unique per tenant and mode",
    examples: ["order-1234-shipped"],
    param: { id: "IdempotencyKey" },
  });

const webhookHeaders = {
  "webhook-id": z.string().meta({
    description: "The same however often it is posted: what was handled already can be told by it",
    examples: ["rpt_01h455vb4pex5vsknk084sn02q"],
    param: { id: "WebhookId" },
  }),
  "webhook-timestamp": z.string().meta({
    description: "When it was posted, in seconds since 1970; refuse what is more than five minutes off",
    examples: ["1674087231"],
    param: { id: "WebhookTimestamp" },
  }),
  "webhook-signature": z.string().meta({
    description:
      "`v1,` and the base64 HMAC-SHA256 of `<webhook-id>.<webhook-timestamp>.<body>`, one for each valid secret, separated by spaces",
    examples: ["v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="],
    param: { id: "WebhookSignature" },
  }),
};

const answerHeaders = {
  "X-Request-Id": z.string().meta({ description: "Names the request", header: { id: "RequestId" } }),
  "RateLimit-Policy": z
    .string()
    .optional()
    .meta({
      description: "Requests allowed in a window",
      examples: ['"tenant";q=1000;w=1'],
      header: { id: "RateLimitPolicy" },
    }),
  RateLimit: z
    .string()
    .optional()
    .meta({
      description: "Requests left, and seconds until there are more",
      examples: ['"tenant";r=982;t=1'],
      header: { id: "RateLimit" },
    }),
};
const retryAfter = z
  .int()
  .min(1)
  .optional()
  .meta({ description: "Seconds after which to send the request again", header: { id: "RetryAfter" } });

/** What zod writes and a reader or a code generator is better without. */
const tidySchema: ZodOpenApiOverride = ({ io, zodSchema, jsonSchema }) => {
  const { def } = zodSchema._zod;
  // Answers may gain fields within a version, so a client must not refuse those it does not know.
  if (io === "output" && def.type === "object" && def.catchall === undefined) delete jsonSchema.additionalProperties;
  if (jsonSchema.format !== undefined || /\\p\{/i.test(jsonSchema.pattern ?? "")) delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (JSON.stringify(jsonSchema.propertyNames) === '{"type":"string"}') delete jsonSchema.propertyNames;
};
