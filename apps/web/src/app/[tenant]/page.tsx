import type { Metadata } from "next";
import { tenantInput } from "../../server/pages/tenant-input";
import { Allowed } from "../../shell/tenant-context";
import { getQueryClient, HydrateClient, trpc } from "../../trpc/server";
import { OverviewPage } from "./overview/overview-page";

export const metadata: Metadata = { title: "Overview" };

/** Is everything all right? */
export default async function Page({ params }: PageProps<"/[tenant]">) {
  const input = await tenantInput(params);
  await getQueryClient().prefetchQuery(trpc.overview.checklist.queryOptions(input));
  return (
    <HydrateClient>
      <Allowed action="messages.read" to="see messages">
        <OverviewPage />
      </Allowed>
    </HydrateClient>
  );
}
