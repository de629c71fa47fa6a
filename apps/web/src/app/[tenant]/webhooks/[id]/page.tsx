import type { Metadata } from "next";
import { tenantInput } from "../../../../server/pages/tenant-input";
import { Allowed } from "../../../../shell/tenant-context";
import { getQueryClient, HydrateClient, trpc } from "../../../../trpc/server";
import { EndpointPage } from "../endpoint-page";

export const metadata: Metadata = { title: "Webhook" };

/** How one endpoint is doing, and every report posted to it. */
export default async function WebhookPage({ params }: PageProps<"/[tenant]/webhooks/[id]">) {
  const { id } = await params;
  const input = await tenantInput(params);
  await getQueryClient().prefetchQuery(trpc.webhooks.get.queryOptions({ ...input, id }));
  return (
    <HydrateClient>
      <Allowed action="webhooks.read" to="see webhooks">
        <EndpointPage id={id} />
      </Allowed>
    </HydrateClient>
  );
}
