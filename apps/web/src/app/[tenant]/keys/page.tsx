import type { Metadata } from "next";
import { tenantInput } from "../../../server/pages/tenant-input";
import { Allowed } from "../../../shell/tenant-context";
import { nextPage } from "../../../trpc/next-page";
import { getQueryClient, HydrateClient, trpc } from "../../../trpc/server";
import { loadKeyFilters } from "./key-filters";
import { KeyList } from "./key-list";

export const metadata: Metadata = { title: "API keys" };

/** Who may call the API. */
export default async function KeysPage({ params, searchParams }: PageProps<"/[tenant]/keys">) {
  const [input, filters] = await Promise.all([tenantInput(params), loadKeyFilters(searchParams)]);
  await getQueryClient().prefetchInfiniteQuery(trpc.keys.list.infiniteQueryOptions({ ...input, ...filters }, nextPage));
  return (
    <HydrateClient>
      <Allowed action="keys.read" to="see API keys">
        <KeyList />
      </Allowed>
    </HydrateClient>
  );
}
