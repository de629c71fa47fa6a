import { auditQuery, publicAuditEntry } from "@tidings/core/audit/audit-schemas";
import { listAudit } from "@tidings/core/audit/list-audit";
import { presentAuditPage } from "@tidings/core/audit/present-audit-entry";
import { readPage } from "@tidings/core/page";
import { z } from "zod";
import { pageSchema } from "../page-schema";
import { defineRoute } from "../route";

export const auditLogRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/audit-log",
    operationId: "listAuditLog",
    tag: "Audit log",
    summary: "Who changed what, newest first",
    description:
      "What the tenant's team did in the console, and the operator and Stripe to the tenant, of both modes. Requests with API keys are not in it. It is read back through time for a fraction of a second: with filters a page may hold fewer than `limit`, or none, while `hasMore` is true. `searchedTo` says how far it came, and `nextCursor` goes on from there.",
    scope: "manage",
    query: auditQuery,
    status: 200,
    response: pageSchema(publicAuditEntry).extend({
      searchedTo: z.iso
        .datetime()
        .nullable()
        .meta({ description: "Down to when it was looked; null unless time was up" }),
    }),
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { query }) {
      const { actor, action, since, until, q } = query;
      const filters = {
        actor,
        actions: action === undefined ? [] : [action],
        from: since === undefined ? undefined : new Date(since),
        to: until === undefined ? undefined : new Date(until),
        q,
      };
      return presentAuditPage(await listAudit(deps.database, principal.tenantId, filters, readPage(query)));
    },
  }),
];
