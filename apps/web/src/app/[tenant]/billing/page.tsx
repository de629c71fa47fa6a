import type { Metadata } from "next";
import { tenantInput } from "../../../server/pages/tenant-input";
import { Allowed } from "../../../shell/tenant-context";
import { getQueryClient, HydrateClient, trpc } from "../../../trpc/server";
import { loadBillingFilters } from "./billing-filters";
import { BillingPage } from "./billing-page";

export const metadata: Metadata = { title: "Billing" };

/** What the plan is, what it costs, and what is owed. */
export default async function Page({ params, searchParams }: PageProps<"/[tenant]/billing">) {
  const [input, { checkout }] = await Promise.all([tenantInput(params), loadBillingFilters(searchParams)]);
  await getQueryClient().prefetchQuery(trpc.billing.get.queryOptions({ ...input, fresh: checkout === "done" }));
  return (
    <HydrateClient>
      <Allowed action="billing.read" to="see plan and invoices">
        <BillingPage />
      </Allowed>
    </HydrateClient>
  );
}
