import type { Metadata } from "next";
import { tenantInput } from "../../../../server/pages/tenant-input";
import { Allowed } from "../../../../shell/tenant-context";
import { getQueryClient, HydrateClient, trpc } from "../../../../trpc/server";
import { SecuritySettings } from "./security-settings";

export const metadata: Metadata = { title: "Security" };

/** How the team must sign in. */
export default async function SecurityPage({ params }: PageProps<"/[tenant]/settings/security">) {
  const input = await tenantInput(params);
  const client = getQueryClient();
  await Promise.all([
    client.prefetchQuery(trpc.settings.get.queryOptions(input)),
    client.prefetchQuery(trpc.team.list.queryOptions(input)),
  ]);
  return (
    <HydrateClient>
      <Allowed action="team.write" to="say how the team signs in">
        <SecuritySettings />
      </Allowed>
    </HydrateClient>
  );
}
