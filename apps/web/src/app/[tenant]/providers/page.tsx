import type { Metadata } from "next";
import { tenantInput } from "../../../server/pages/tenant-input";
import { Allowed } from "../../../shell/tenant-context";
import { getQueryClient, HydrateClient, trpc } from "../../../trpc/server";
import { ProviderList } from "./provider-list";

export const metadata: Metadata = { title: "Providers" };

/** How do we send. */
export default async function ProvidersPage({ params }: PageProps<"/[tenant]/providers">) {
  await getQueryClient().prefetchQuery(trpc.providers.list.queryOptions(await tenantInput(params)));
  return (
    <HydrateClient>
      <Allowed action="providers.read" to="see provider accounts">
        <ProviderList />
      </Allowed>
    </HydrateClient>
  );
}
