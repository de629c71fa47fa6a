import { getTenantBySlug } from "@tidings/core/tenants/get-tenant-by-slug";
import { verifyUsage } from "@tidings/core/usage/verify-usage";
import { Refusal } from "@tidings/shared/refusals";
import { z } from "zod";
import { operatorCommand } from "../operator-command";
import { table } from "../table";
import { readOptions } from "../usage-error";

const day = z.iso.date("must be a date such as 2030-01-31");
const span = z
  .object({ from: day, to: day })
  .refine(({ from, to }) => from <= to, { path: ["from"], message: "must not be after --to" });

export const usageVerify = operatorCommand({
  name: "usage verify",
  description: "Count usage afresh from the deliveries that are kept, and compare; ends with 1 where they differ",
  args: {
    tenant: { type: "string", valueHint: "slug", description: "The tenant's slug; all tenants unless given" },
    from: { type: "string", description: "First day in UTC; the first of this month unless given" },
    to: { type: "string", description: "Last day in UTC; today unless given" },
  },
  async run({ tenant: slug, from, to }, { database }) {
    const today = new Date().toISOString().slice(0, 10);
    const days = readOptions(span, { from: from ?? `${today.slice(0, 7)}-01`, to: to ?? today });
    const tenantId = slug === undefined ? undefined : (await getTenantBySlug(database, slug)).id;
    const { compared, differences } = await verifyUsage(database, { ...days, tenantId });
    if (differences.length > 0) {
      const rows = differences.map(({ counted, recounted, ...key }) => [
        ...[key.tenantId, key.mode, key.channel, key.provider, key.category],
        Object.values(counted).join("/"),
        Object.values(recounted).join("/"),
      ]);
      const heads = ["tenant", "mode", "channel", "provider", "category", "usage", "deliveries"];
      const what = "Each is accepted/sent/delivered/failed/units.";
      throw new Refusal("conflict", `Usage differs from the deliveries. ${what}\n\n${table(heads, rows, "")}`);
    }
    const text = `Usage from ${days.from} to ${days.to} equals the deliveries: ${compared} sums compared.`;
    return { data: { ...days, compared }, text };
  },
});
