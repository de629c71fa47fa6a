import type { Metadata } from "next";
import { tenantInput } from "../../../../server/pages/tenant-input";
import { Allowed } from "../../../../shell/tenant-context";
import { getQueryClient, HydrateClient, trpc } from "../../../../trpc/server";
import { AccountPage } from "../account-page";

export const metadata: Metadata = { title: "Provider account" };

/** One provider account: how it fares, what it is set to, and what it tried today. */
export default async function ProviderPage({ params }: PageProps<"/[tenant]/providers/[id]">) {
  const [input, { id }] = await Promise.all([tenantInput(params), params]);
  await getQueryClient().prefetchQuery(trpc.providers.get.queryOptions({ ...input, id }));
  return (
    <HydrateClient>
      <Allowed action="providers.read" to="see provider accounts">
        <AccountPage id={id} />
      </Allowed>
    </HydrateClient>
  );
}
