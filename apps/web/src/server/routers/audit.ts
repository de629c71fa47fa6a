import { auditFilters } from "@tidings/core/audit/audit-schemas";
import { listAudit } from "@tidings/core/audit/list-audit";
import { listAuditTerms } from "@tidings/core/audit/list-audit-terms";
import { presentAuditPage } from "@tidings/core/audit/present-audit-entry";
import { pageQuery, readPage } from "@tidings/core/page";
import { z } from "zod";
import { router, tenantProcedure } from "../trpc";

/** Who changed what in a tenant. Its export is a route beside the page. */
export const auditRouter = router({
  /** Newest first. */
  list: tenantProcedure("audit.read")
    .input(z.object({ ...pageQuery.shape, ...auditFilters.shape }))
    .query(async ({ ctx, input: { limit, cursor, actor, actions, from, to, q } }) => {
      const filters = { actor, actions, from, to, q };
      const page = readPage({ limit, cursor });
      return presentAuditPage(await listAudit(ctx.house.database, ctx.owner.tenantId, filters, page));
    }),

  /** People and actions to choose from. */
  terms: tenantProcedure("audit.read").query(({ ctx }) => listAuditTerms(ctx.house.database, ctx.owner.tenantId)),
});
