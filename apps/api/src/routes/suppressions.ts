import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import { createSuppression } from "@tidings/core/suppressions/create-suppression";
import { exportSuppressions } from "@tidings/core/suppressions/export-suppressions";
import { getSuppression } from "@tidings/core/suppressions/get-suppression";
import { importSuppressions } from "@tidings/core/suppressions/import-suppressions";
import { liftSuppression, liftSuppressionsOf } from "@tidings/core/suppressions/lift-suppression";
import { listSuppressions } from "@tidings/core/suppressions/list-suppressions";
import { presentSuppression } from "@tidings/core/suppressions/present-suppression";
import {
  createSuppressionBody,
  publicImport,
  publicSuppression,
  suppressedAddressQuery,
  suppressionFilters,
} from "@tidings/core/suppressions/suppression-schemas";
import { idParams } from "../id-params";
import { pageSchema } from "../page-schema";
import { defineRoute } from "../route";

const tag = "Suppressions";
const params = idParams("suppression");
/** Largest list: 200,000 lines of 100 bytes. */
const maxListBytes = 20 * 1024 * 1024;
const csvExample = `channel,address,category,reason
email,ann@example.com,,manual
sms,'+14155550100,,stop
email,bob@example.com,offers,unsubscribe
`;

export const suppressionRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/suppressions",
    operationId: "listSuppressions",
    tag,
    summary: "List suppressed addresses, newest first",
    description: "Keys of both modes share suppressions.",
    scope: "read",
    query: pageQuery.extend(suppressionFilters.shape),
    status: 200,
    response: pageSchema(publicSuppression),
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { query }) {
      const { limit, cursor, ...filters } = query;
      const page = await listSuppressions(deps.database, principal.tenantId, filters, readPage({ limit, cursor }));
      return presentPage(page, presentSuppression, (row) => row.id);
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/suppressions/export",
    operationId: "exportSuppressions",
    tag,
    summary: "All suppressed addresses as CSV",
    description:
      "An apostrophe stands before what a spreadsheet would take for a formula; an import takes it away again.",
    scope: "read",
    query: suppressionFilters,
    status: 200,
    download: {
      ...{ type: "text/csv", description: "CSV as RFC 4180 has it", example: csvExample },
      filename: "suppressions.csv",
    },
    async handle({ deps, principal }, { query }) {
      return exportSuppressions(deps.database, principal.tenantId, query);
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/suppressions",
    operationId: "createSuppression",
    tag,
    summary: "Suppress an address",
    description:
      "Nothing is sent to it on the channel any more, or nothing of the category. Of an address that is suppressed already the graver reason stays.",
    scope: "manage",
    body: createSuppressionBody,
    status: 201,
    response: publicSuppression,
    idempotency: "stored",
    async handle({ deps, principal }, { body }) {
      return presentSuppression(await createSuppression(deps, principal, body));
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/suppressions/import",
    operationId: "importSuppressions",
    tag,
    summary: "Suppress the addresses of a list",
    description:
      "Takes up to 200,000 lines. The first line names the columns: `address`, and if you like `channel` (else `email`), `category` (else all of them), `reason` (else `manual`) and `detail`. A line that is not valid is refused by itself. Importing a list again changes nothing.",
    scope: "manage",
    upload: {
      ...{ type: "text/csv", description: "CSV in UTF-8, at most 20 MB", example: csvExample },
      maxBytes: maxListBytes,
    },
    status: 200,
    response: publicImport,
    refusals: ["malformed_csv"],
    async handle({ deps, principal }, { body }) {
      return await importSuppressions(deps, principal, body);
    },
  }),

  defineRoute({
    method: "DELETE",
    path: "/v1/suppressions",
    operationId: "deleteSuppressionsOf",
    tag,
    summary: "Send to an address again, by the address",
    description:
      "Removes each suppression of the address on the channel, or with `category` that one alone; empty: the one of every category.",
    scope: "manage",
    query: suppressedAddressQuery,
    status: 204,
    async handle({ deps, principal }, { query }) {
      await liftSuppressionsOf(deps, principal, query);
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/suppressions/{id}",
    operationId: "getSuppression",
    tag,
    summary: "A suppressed address",
    scope: "read",
    params,
    status: 200,
    response: publicSuppression,
    async handle({ deps, principal }, { params }) {
      return presentSuppression(await getSuppression(deps.database, principal.tenantId, params.id));
    },
  }),

  defineRoute({
    method: "DELETE",
    path: "/v1/suppressions/{id}",
    operationId: "deleteSuppression",
    tag,
    summary: "Send to an address again",
    scope: "manage",
    params,
    status: 204,
    async handle({ deps, principal }, { params }) {
      await liftSuppression(deps, principal, params.id);
    },
  }),
];
