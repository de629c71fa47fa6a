import type { Metadata } from "next";
import { tenantInput } from "../../../server/pages/tenant-input";
import { Allowed } from "../../../shell/tenant-context";
import { nextPage } from "../../../trpc/next-page";
import { getQueryClient, HydrateClient, trpc } from "../../../trpc/server";
import { filtersOf, loadSuppressionFilters } from "./suppression-filters";
import { SuppressionList } from "./suppression-list";

export const metadata: Metadata = { title: "Suppressions" };

/** Whom must we not send to. */
export default async function SuppressionsPage({ params, searchParams }: PageProps<"/[tenant]/suppressions">) {
  const [input, filters] = await Promise.all([tenantInput(params), loadSuppressionFilters(searchParams)]);
  await getQueryClient().prefetchInfiniteQuery(
    trpc.suppressions.list.infiniteQueryOptions({ ...input, ...filtersOf(filters), limit: 50 }, nextPage),
  );
  return (
    <HydrateClient>
      <Allowed action="suppressions.read" to="see suppressed addresses">
        <SuppressionList />
      </Allowed>
    </HydrateClient>
  );
}
