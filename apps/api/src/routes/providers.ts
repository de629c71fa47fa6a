import type { Principal } from "@tidings/core/keys/authenticate";
import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import {
  createAccountBody,
  maxAccounts,
  publicAccount,
  publicAccountHealth,
  publicAccountTest,
  type SavedAccount,
  savedAccount,
  testAccountBody,
  updateAccountBody,
} from "@tidings/core/providers/accounts/account-schemas";
import { createAccount } from "@tidings/core/providers/accounts/create-account";
import { deleteAccount } from "@tidings/core/providers/accounts/delete-account";
import { getAccount } from "@tidings/core/providers/accounts/get-account";
import { listAccounts } from "@tidings/core/providers/accounts/list-accounts";
import { orderAccounts } from "@tidings/core/providers/accounts/order-accounts";
import { presentAccount } from "@tidings/core/providers/accounts/present-account";
import { testAccount } from "@tidings/core/providers/accounts/test-account";
import { updateAccount } from "@tidings/core/providers/accounts/update-account";
import { presentFitness } from "@tidings/core/providers/health/present-fitness";
import { readFitness } from "@tidings/core/providers/health/read-fitness";
import { Refusal } from "@tidings/shared/refusals";
import { z } from "zod";
import { idParams, idSchema } from "../id-params";
import { pageSchema } from "../page-schema";
import { defineRoute } from "../route";

const tag = "Provider accounts";
const params = idParams("account");
const orderBody = z
  .strictObject({
    tiers: z
      .array(z.array(idSchema("account")).min(1))
      .min(1)
      .refine((tiers) => tiers.flat().length <= maxAccounts, `must not name more than ${maxAccounts} accounts`)
      .refine((tiers) => new Set(tiers.flat()).size === tiers.flat().length, "must not name an account twice")
      .meta({ description: "The accounts to be tried first, then the next; those of one tier share by weight" }),
  })
  .meta({
    id: "ProviderAccountOrder",
    example: { tiers: [["acc_01h455vb4pex5vsknk084sn02q"], ["acc_01h455vb4pex5vsknk084sn02r"]] },
  });

export const providerRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/providers",
    operationId: "listProviderAccounts",
    tag,
    summary: "List provider accounts, newest first",
    description:
      "Live notifications on a channel go out by the accounts that serve it; where there is none, by the platform's, if the operator allows it.",
    scope: "manage",
    query: pageQuery,
    status: 200,
    response: pageSchema(publicAccount),
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { query }) {
      const page = await listAccounts(deps.database, principal.tenantId, readPage(query));
      return presentPage(
        page,
        (row) => presentAccount(deps, row),
        (row) => row.id,
      );
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/providers",
    operationId: "createProviderAccount",
    tag,
    summary: "Make a provider account",
    description:
      "Its credentials are checked with the provider where that has a call for it, and stored encrypted. Needs a live key: a test key reaches no provider. At most 50.",
    scope: "manage",
    body: createAccountBody,
    status: 201,
    response: savedAccount,
    refusals: ["wrong_mode", "credentials_refused", "conflict"],
    idempotency: "stored",
    async handle({ deps, principal }, { body }): Promise<SavedAccount> {
      refuseTestKey(principal);
      const { row, check } = await createAccount(deps, principal.tenantId, body);
      return { ...presentAccount(deps, row), ...check };
    },
  }),

  defineRoute({
    method: "PUT",
    path: "/v1/providers/order",
    operationId: "orderProviderAccounts",
    tag,
    summary: "Say in which order provider accounts are tried",
    description:
      "Gives several accounts their `order` at once, 0 to the first tier; those that are not named keep theirs. Where one is not the tenant's, nothing is changed. Needs a live key.",
    scope: "manage",
    body: orderBody,
    status: 204,
    refusals: ["wrong_mode", "not_found"],
    async handle({ deps, principal }, { body }) {
      refuseTestKey(principal);
      await orderAccounts(deps.database, principal.tenantId, body.tiers);
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/providers/{id}/health",
    operationId: "getProviderAccountHealth",
    tag,
    summary: "How a provider account fares",
    description: "With everybody in the last seconds, and with the tenant's own live messages in the last day.",
    scope: "manage",
    params,
    status: 200,
    response: publicAccountHealth,
    async handle({ deps, principal }, { params }) {
      const row = await getAccount(deps.database, principal.tenantId, params.id);
      return presentFitness((await readFitness(deps, principal.tenantId, [row.id]))(row));
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/providers/{id}",
    operationId: "getProviderAccount",
    tag,
    summary: "A provider account",
    scope: "manage",
    params,
    status: 200,
    response: publicAccount,
    async handle({ deps, principal }, { params }) {
      return presentAccount(deps, await getAccount(deps.database, principal.tenantId, params.id));
    },
  }),

  defineRoute({
    method: "PATCH",
    path: "/v1/providers/{id}",
    operationId: "updateProviderAccount",
    tag,
    summary: "Change a provider account",
    description:
      "What is absent stays. Settings are merged one by one: a secret left out keeps its value. Takes effect within seconds. Needs a live key.",
    scope: "manage",
    params,
    body: updateAccountBody,
    status: 200,
    response: savedAccount,
    refusals: ["wrong_mode", "credentials_refused", "conflict"],
    async handle({ deps, principal }, { params, body }): Promise<SavedAccount> {
      await getAccount(deps.database, principal.tenantId, params.id);
      refuseTestKey(principal);
      const { row, check } = await updateAccount(deps, principal.tenantId, params.id, body);
      return { ...presentAccount(deps, row), ...check };
    },
  }),

  defineRoute({
    method: "DELETE",
    path: "/v1/providers/{id}",
    operationId: "deleteProviderAccount",
    tag,
    summary: "Remove a provider account",
    description: "Its credentials are gone; what it has sent stays in the record. Needs a live key.",
    scope: "manage",
    params,
    status: 204,
    refusals: ["wrong_mode"],
    async handle({ deps, principal }, { params }) {
      await getAccount(deps.database, principal.tenantId, params.id);
      refuseTestKey(principal);
      await deleteAccount(deps.database, principal.tenantId, params.id);
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/providers/{id}/test",
    operationId: "testProviderAccount",
    tag,
    summary: "Really send one message through a provider account",
    description:
      "At once, whether it is enabled or not, and answers with the provider's words. It is no notification: nothing of it is recorded. Needs a live key.",
    scope: "manage",
    params,
    body: testAccountBody,
    status: 200,
    response: publicAccountTest,
    refusals: ["wrong_mode", "conflict"],
    idempotency: "stored",
    async handle({ deps, principal }, { params, body }) {
      return await testAccount(deps, principal, params.id, body);
    },
  }),
];

/** Accounts are live: saving one asks its provider, and what it sends reaches people. */
function refuseTestKey({ mode }: Principal): void {
  if (mode === "live") return;
  throw new Refusal("wrong_mode", "Provider accounts are made, changed and removed with a live key.");
}
