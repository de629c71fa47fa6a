import type { Metadata } from "next";
import { tenantInput } from "../../../../server/pages/tenant-input";
import { Allowed } from "../../../../shell/tenant-context";
import { getQueryClient, HydrateClient, trpc } from "../../../../trpc/server";
import { LimitSettings } from "./limit-settings";

export const metadata: Metadata = { title: "Limits" };

/** How fast the tenant may call and send. */
export default async function LimitsPage({ params }: PageProps<"/[tenant]/settings/limits">) {
  await getQueryClient().prefetchQuery(trpc.limits.get.queryOptions(await tenantInput(params)));
  return (
    <HydrateClient>
      <Allowed action="settings.read" to="see the limits">
        <LimitSettings />
      </Allowed>
    </HydrateClient>
  );
}
