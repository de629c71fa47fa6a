import type { Metadata } from "next";
import { tenantInput } from "../../../../server/pages/tenant-input";
import { Allowed } from "../../../../shell/tenant-context";
import { getQueryClient, HydrateClient, trpc } from "../../../../trpc/server";
import { MessageStoryView } from "../message-story";

export const metadata: Metadata = { title: "Message" };

/** Why did it (not) arrive? */
export default async function Page({ params }: PageProps<"/[tenant]/messages/[id]">) {
  const { id } = await params;
  const input = await tenantInput(params);
  await getQueryClient().prefetchQuery(trpc.messages.story.queryOptions({ ...input, id }));
  return (
    <HydrateClient>
      <Allowed action="messages.read" to="see messages">
        <MessageStoryView id={id} look="page" />
      </Allowed>
    </HydrateClient>
  );
}
