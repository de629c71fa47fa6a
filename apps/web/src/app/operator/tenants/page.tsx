import type { Metadata } from "next";
import { nextPage } from "../../../trpc/next-page";
import { getQueryClient, HydrateClient, trpc } from "../../../trpc/server";
import { given } from "../given";
import { loadTenantFilters } from "./tenant-filters";
import { TenantList } from "./tenant-list";

export const metadata: Metadata = { title: "Tenants · Operator" };

/** Who is on the platform? */
export default async function TenantsPage({ searchParams }: PageProps<"/operator/tenants">) {
  const filters = given(await loadTenantFilters(searchParams));
  await getQueryClient().prefetchInfiniteQuery(trpc.tenants.list.infiniteQueryOptions(filters, nextPage));
  return (
    <HydrateClient>
      <TenantList />
    </HydrateClient>
  );
}
