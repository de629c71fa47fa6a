import type { Metadata } from "next";
import { tenantInput } from "../../../server/pages/tenant-input";
import { Allowed } from "../../../shell/tenant-context";
import { getQueryClient, HydrateClient, trpc } from "../../../trpc/server";
import { loadUsageFilters } from "./usage-filters";
import { UsagePage } from "./usage-page";
import { usageSpanOf } from "./usage-span";

export const metadata: Metadata = { title: "Usage" };

/** What is used, and how much of the plan that is. */
export default async function Page({ params, searchParams }: PageProps<"/[tenant]/usage">) {
  const [input, { time, by }] = await Promise.all([tenantInput(params), loadUsageFilters(searchParams)]);
  const client = getQueryClient();
  await Promise.all([
    client.prefetchQuery(trpc.usage.quotas.queryOptions(input)),
    client.prefetchQuery(trpc.usage.get.queryOptions({ ...input, ...usageSpanOf(time, new Date()), by })),
  ]);
  return (
    <HydrateClient>
      <Allowed action="usage.read" to="see usage">
        <UsagePage />
      </Allowed>
    </HydrateClient>
  );
}
