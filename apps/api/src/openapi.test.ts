import { reportEventTypes } from "@tidings/shared/report-events";
import { describe, expect, it } from "vitest";
import { createOpenApiDocument } from "./openapi";
import { routes } from "./routes";

const document = createOpenApiDocument(routes);
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  (["get", "post", "put", "patch", "delete"] as const).flatMap((method) => {
    const operation = item[method];
    return operation ? [{ path, method, operation }] : [];
  }),
);

/** What a reference within the document leads to; undefined when it leads nowhere. */
function follow(reference: string): unknown {
  const steps = reference.replace(/^#\//, "").split("/");
  return steps.reduce<unknown>((node, step) => (node as Record<string, unknown> | undefined)?.[step], document);
}

function valuesOf(key: string, node: unknown): unknown[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => (name === key ? [value] : valuesOf(key, value)));
}

describe("the OpenAPI document", () => {
  it("has an operation for every route, each with a name of its own", () => {
    const named = operations.map(({ path, method, operation }) => `${method} ${path} ${operation.operationId}`);
    expect(named.toSorted()).toEqual(
      routes.map((route) => `${route.method.toLowerCase()} ${route.path} ${route.operationId}`).toSorted(),
    );
    expect(new Set(routes.map((route) => route.operationId)).size).toBe(routes.length);
  });

  it("refers to nothing that is not in it", () => {
    const references = [...new Set(valuesOf("$ref", document))] as string[];
    expect(references.length).toBeGreaterThan(10);
    expect(references.filter((reference) => follow(reference) === undefined)).toEqual([]);
  });

  it("declares every parameter of a path as required", () => {
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? []).flatMap((parameter) =>
        "in" in parameter && parameter.in === "path" && parameter.required ? [parameter.name] : [],
      );
      expect(declared.toSorted(), path).toEqual(named.toSorted());
    }
  });

  it("tells which scope a route needs, and what every caller can be refused for", () => {
    for (const { path, method, operation } of operations) {
      const route = routes.find((one) => one.path === path && one.method.toLowerCase() === method);
      expect(operation.security).toEqual([{ apiKey: [route?.scope] }, { bearer: [route?.scope] }]);
      expect(Object.keys(operation.responses ?? {})).toEqual(
        expect.arrayContaining([String(route?.status), "401", "403", "429", "500", "503"]),
      );
    }
  });

  it("lists the refusals that come with a body, an Idempotency-Key, a query or an id", () => {
    const send = document.paths?.["/v1/notifications"]?.post?.responses;
    expect(send?.["400"].description).toMatch(/malformed_json.*invalid_header/s);
    expect(send?.["413"].description).toMatch(/body_too_large/);
    expect(send?.["415"].description).toMatch(/unsupported_media_type/);
    expect(send?.["422"].description).toMatch(/invalid_body.*idempotency_mismatch.*template_not_found/s);
    expect(send).not.toHaveProperty("404");

    const list = document.paths?.["/v1/notifications"]?.get?.responses;
    expect(list?.["400"].description).toMatch(/invalid_query.*invalid_cursor/s);
    expect(list).not.toHaveProperty("422");
    expect(document.paths?.["/v1/notifications/{id}"]?.get?.responses?.["404"].description).toMatch(/not_found/);
  });

  it("adds a route's own refusals to those every route has under the same status", () => {
    const refused = document.paths?.["/v1/keys"]?.post?.responses?.["403"];
    expect(refused.description).toMatch(/scope_missing.*wrong_mode/s);
  });

  it("says when to come back with every refusal that passes", () => {
    for (const name of ["TooManyRequests", "Unavailable"]) {
      expect(document.components?.responses?.[name]).toHaveProperty("headers.Retry-After");
    }
    expect(document.components?.responses?.Forbidden).not.toHaveProperty("headers.Retry-After");
  });

  it("shows the content of every channel", () => {
    const request = document.components?.schemas?.NotificationRequest;
    expect(valuesOf("$ref", request)).toEqual([
      "#/components/schemas/EmailContent",
      "#/components/schemas/SmsContent",
      "#/components/schemas/WhatsappContent",
      "#/components/schemas/PushContent",
      "#/components/schemas/InAppContent",
      "#/components/schemas/WebhookContent",
      "#/components/schemas/ChatContent",
      "#/components/schemas/ContentByChannel",
    ]);
    expect(document.components?.schemas?.EmailContent).toMatchObject({
      required: ["subject"],
      additionalProperties: false,
    });
  });

  it("gives only examples that its own schemas accept", () => {
    const examples = routes.flatMap(({ operationId, body, documentedBody, examples: given = {} }) =>
      Object.values(given).map(({ value }) => ({ operationId, schema: documentedBody ?? body, value })),
    );
    expect(examples.length).toBeGreaterThan(2);
    for (const { operationId, schema, value } of examples) {
      expect(schema?.safeParse(value).error, operationId).toBeUndefined();
    }
  });

  it("describes the body of every event that endpoints are posted, with an example", () => {
    expect(Object.keys(document.webhooks ?? {})).toEqual(reportEventTypes);
    for (const [type, item] of Object.entries(document.webhooks ?? {})) {
      const body = (item as { post: { requestBody: object } }).post.requestBody;
      expect(valuesOf("type", body), type).toContainEqual(expect.objectContaining({ const: type }));
      expect(valuesOf("example", body).concat(valuesOf("examples", body)), type).not.toEqual([]);
    }
  });

  it("lets answers gain fields, and bodies not", () => {
    expect(document.components?.schemas?.Notification).not.toHaveProperty("additionalProperties");
    expect(document.components?.schemas?.NotificationRequest).toHaveProperty("additionalProperties", false);
  });
});
