import type { Metadata } from "next";
import { tenantInput } from "../../../../server/pages/tenant-input";
import { Allowed } from "../../../../shell/tenant-context";
import { getQueryClient, HydrateClient, trpc } from "../../../../trpc/server";
import { RecipientPage } from "../recipient-page";

export const metadata: Metadata = { title: "Recipient" };

/** What is known of one recipient, and what they were sent. */
export default async function Page({ params }: PageProps<"/[tenant]/recipients/[id]">) {
  const input = await tenantInput(params);
  const id = decoded((await params).id);
  await getQueryClient().prefetchQuery(trpc.recipients.get.queryOptions({ ...input, id }));
  return (
    <HydrateClient>
      <Allowed action="recipients.read" to="see recipients">
        <RecipientPage id={id} />
      </Allowed>
    </HydrateClient>
  );
}

/** Ids are the tenant's own and may hold anything; a broken escape stands for itself. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
