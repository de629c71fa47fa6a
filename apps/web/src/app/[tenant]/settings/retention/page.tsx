import type { Metadata } from "next";
import { tenantInput } from "../../../../server/pages/tenant-input";
import { Allowed } from "../../../../shell/tenant-context";
import { getQueryClient, HydrateClient, trpc } from "../../../../trpc/server";
import { RetentionSettings } from "./retention-settings";

export const metadata: Metadata = { title: "Retention" };

/** What is kept, and how long. */
export default async function RetentionPage({ params }: PageProps<"/[tenant]/settings/retention">) {
  await getQueryClient().prefetchQuery(trpc.settings.get.queryOptions(await tenantInput(params)));
  return (
    <HydrateClient>
      <Allowed action="settings.read" to="see how long things are kept">
        <RetentionSettings />
      </Allowed>
    </HydrateClient>
  );
}
