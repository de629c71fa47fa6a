import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import { erasePerson } from "@tidings/core/people/erase-person";
import { exportPerson } from "@tidings/core/people/export-person";
import { listErasures } from "@tidings/core/people/list-erasures";
import {
  erasePersonBody,
  exportPersonBody,
  publicErasure,
  publicPersonExport,
} from "@tidings/core/people/person-schemas";
import { presentErasure } from "@tidings/core/people/present-erasure";
import { publicId } from "@tidings/shared/ids";
import { pageSchema } from "../page-schema";
import { defineRoute } from "../route";

const tag = "People";

export const peopleRoutes = [
  defineRoute({
    method: "POST",
    path: "/v1/people/erase",
    operationId: "erasePerson",
    tag,
    summary: "Erase a person",
    description:
      "Removes everything personal of a person from all that is stored, of both modes: the recipients they are, devices, inboxes and suppressions are deleted; notifications, deliveries, attempts, receipts and reports are emptied, and what they count stays. What is under way to the person is stopped. Other recipients who share an address keep their own record, unless the address itself is named. Safe to repeat; it answers when everything is erased, which may take some seconds for each million of notifications.",
    scope: "manage",
    body: erasePersonBody,
    status: 200,
    response: publicErasure,
    async handle({ deps, principal }, { body }) {
      const { tenantId, keyId } = principal;
      return presentErasure(await erasePerson(deps, { tenantId, requestedBy: publicId("key", keyId) }, body));
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/people/erasures",
    operationId: "listErasures",
    tag,
    summary: "List erasures, newest first",
    description: "Who asked for one, when, and how much was erased; of whom is not kept.",
    scope: "manage",
    query: pageQuery,
    status: 200,
    response: pageSchema(publicErasure),
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { query }) {
      const page = await listErasures(deps.database, principal.tenantId, readPage(query));
      return presentPage(page, presentErasure, (row) => row.id);
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/people/export",
    operationId: "exportPerson",
    tag,
    summary: "Export what is stored of a person",
    description:
      "Everything stored of a person, of both modes, a page of notifications at a time. The answer is never kept: it takes no Idempotency-Key.",
    scope: "manage",
    body: exportPersonBody,
    status: 200,
    response: publicPersonExport,
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { body }) {
      return await exportPerson(deps.database, principal.tenantId, body.person, readPage(body));
    },
  }),
];
