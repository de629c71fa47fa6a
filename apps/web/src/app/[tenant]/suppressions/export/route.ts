import { exportSuppressions } from "@tidings/core/suppressions/export-suppressions";
import { suppressionSearch } from "@tidings/core/suppressions/suppression-schemas";
import { fileDownload } from "../../../../server/pages/file-download";
import { tenantRoute } from "../../../../server/pages/tenant-route";

/** The suppressions that the page's filters leave, as CSV. An import reads it as it is. */
export const GET = tenantRoute(
  { action: "suppressions.read", query: suppressionSearch },
  async ({ house, owner, query }) =>
    fileDownload("suppressions.csv", exportSuppressions(house.database, owner.tenantId, query), house),
);
