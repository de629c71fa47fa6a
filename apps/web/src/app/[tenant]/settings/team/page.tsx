import type { Metadata } from "next";
import { tenantInput } from "../../../../server/pages/tenant-input";
import { Allowed } from "../../../../shell/tenant-context";
import { getQueryClient, HydrateClient, trpc } from "../../../../trpc/server";
import { TeamSettings } from "./team-settings";

export const metadata: Metadata = { title: "Team" };

/** Who works here, and who is asked to. */
export default async function TeamPage({ params }: PageProps<"/[tenant]/settings/team">) {
  await getQueryClient().prefetchQuery(trpc.team.list.queryOptions(await tenantInput(params)));
  return (
    <HydrateClient>
      <Allowed action="team.read" to="see the team">
        <TeamSettings />
      </Allowed>
    </HydrateClient>
  );
}
