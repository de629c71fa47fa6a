import { exportUsage } from "@tidings/core/usage/export-usage";
import { maxUsageDays, usageQuery } from "@tidings/core/usage/usage-schemas";
import { z } from "zod";
import { fileDownload } from "../../../../server/pages/file-download";
import { tenantRoute } from "../../../../server/pages/tenant-route";

const { from, to } = usageQuery.shape;
const dayMs = 86_400_000;

const span = z
  .strictObject({ from: from.unwrap(), to: to.unwrap() })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) < maxUsageDays * dayMs, {
    path: ["from"],
    message: `must be at most ${maxUsageDays} days before the end of \`to\``,
  });

/** What was used in a span of days, told apart by everything there is, as CSV. */
export const GET = tenantRoute({ action: "usage.read", query: span }, async ({ house, owner, query }) =>
  fileDownload(`usage-${query.from}-${query.to}.csv`, exportUsage(house.database, owner, query), house),
);
