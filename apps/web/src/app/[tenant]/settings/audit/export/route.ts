import { auditFilters } from "@tidings/core/audit/audit-schemas";
import { exportAudit } from "@tidings/core/audit/export-audit";
import { z } from "zod";
import { fileDownload } from "../../../../../server/pages/file-download";
import { tenantRoute } from "../../../../../server/pages/tenant-route";

/** The filters as they stand in an address. */
const query = z.strictObject({
  ...auditFilters.shape,
  actions: z
    .string()
    .transform((text) => text.split(","))
    .pipe(auditFilters.shape.actions.unwrap())
    .optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
});

/** The entries that the page's filters leave, as CSV. */
export const GET = tenantRoute({ action: "audit.read", query }, async ({ house, owner, query }) =>
  fileDownload("audit-log.csv", exportAudit(house.database, owner.tenantId, query), house),
);
