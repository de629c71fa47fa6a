import type { Metadata } from "next";
import { tenantInput } from "../../../server/pages/tenant-input";
import { Allowed } from "../../../shell/tenant-context";
import { getQueryClient, HydrateClient, trpc } from "../../../trpc/server";
import { EndpointList } from "./endpoint-list";

export const metadata: Metadata = { title: "Webhooks" };

/** Whom we tell what became of messages. */
export default async function WebhooksPage({ params }: PageProps<"/[tenant]/webhooks">) {
  const input = await tenantInput(params);
  await getQueryClient().prefetchQuery(trpc.webhooks.list.queryOptions(input));
  return (
    <HydrateClient>
      <Allowed action="webhooks.read" to="see webhooks">
        <EndpointList />
      </Allowed>
    </HydrateClient>
  );
}
