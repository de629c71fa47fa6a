import type { Principal } from "@tidings/core/keys/authenticate";
import { createKey } from "@tidings/core/keys/create-key";
import { getKey } from "@tidings/core/keys/get-key";
import { createKeyBody, publicKey } from "@tidings/core/keys/key-schemas";
import { listKeys } from "@tidings/core/keys/list-keys";
import { presentKey } from "@tidings/core/keys/present-key";
import { revokeKey } from "@tidings/core/keys/revoke-key";
import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import { Refusal } from "@tidings/shared/refusals";
import { z } from "zod";
import { idParams } from "../id-params";
import { pageSchema } from "../page-schema";
import { defineRoute } from "../route";

const tag = "Keys";

const createdKey = publicKey
  .extend({
    key: z.string().nullable().meta({
      description: "The key itself. It is shown this once: a repeated request is answered with null",
      example: "tdg_live_4fT9xK2mQ8LzR1bV_…",
    }),
  })
  .meta({ id: "CreatedApiKey" });
type CreatedKey = z.infer<typeof createdKey>;

export const keyRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/keys",
    operationId: "listKeys",
    tag,
    summary: "List API keys of both modes, newest first",
    description: "The revoked and the expired are among them.",
    scope: "manage",
    query: pageQuery,
    status: 200,
    response: pageSchema(publicKey.meta({ id: "ApiKey" })),
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { query }) {
      const page = await listKeys(deps.database, principal.tenantId, readPage(query));
      return presentPage(page, presentKey, (row) => row.id);
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/keys",
    operationId: "createKey",
    tag,
    summary: "Make an API key",
    description: "The answer holds the key; it is shown this once and stored nowhere. A test key makes test keys only.",
    scope: "manage",
    body: createKeyBody.meta({
      id: "ApiKeyCreate",
      example: { name: "Checkout service", mode: "live", scopes: ["send", "read"] },
    }),
    status: 201,
    response: createdKey,
    refusals: ["wrong_mode"],
    idempotency: "stored",
    redactStored: (answer): CreatedKey => ({ ...(answer as CreatedKey), key: null }),
    async handle({ deps, principal }, { body }): Promise<CreatedKey> {
      refuseOtherMode(principal, body.mode);
      const { row, text } = await createKey(deps, principal.tenantId, body);
      return { ...presentKey(row), key: text };
    },
  }),

  defineRoute({
    method: "DELETE",
    path: "/v1/keys/{id}",
    operationId: "revokeKey",
    tag,
    summary: "Revoke an API key",
    description:
      "It is refused everywhere within a second, and stays listed. Revoking it again changes nothing. A test key revokes test keys only.",
    scope: "manage",
    params: idParams("key"),
    status: 204,
    refusals: ["wrong_mode"],
    async handle({ deps, principal }, { params }) {
      const { mode } = await getKey(deps.database, principal.tenantId, params.id);
      refuseOtherMode(principal, mode);
      await revokeKey(deps.database, principal.tenantId, params.id);
      deps.authenticator.markRevoked([params.id]); // here at once; other processes hear of it within a second
    },
  }),
];

/** Whoever has only a test key must not come to a live one by it. */
function refuseOtherMode(principal: Principal, mode: string): void {
  if (principal.mode === "live" || mode === "test") return;
  throw new Refusal("wrong_mode", "Live keys are made and revoked with a live key.");
}
