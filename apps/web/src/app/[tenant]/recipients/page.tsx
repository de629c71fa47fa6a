import type { Metadata } from "next";
import { tenantInput } from "../../../server/pages/tenant-input";
import { Allowed } from "../../../shell/tenant-context";
import { nextPage } from "../../../trpc/next-page";
import { getQueryClient, HydrateClient, trpc } from "../../../trpc/server";
import { loadRecipientFilters } from "./recipient-filters";
import { RecipientsPage } from "./recipients-page";

export const metadata: Metadata = { title: "Recipients" };

/** Whom the tenant notifies. */
export default async function Page({ params, searchParams }: PageProps<"/[tenant]/recipients">) {
  const [input, { q, view }] = await Promise.all([tenantInput(params), loadRecipientFilters(searchParams)]);
  if (view === "recipients") {
    const asked = { ...input, ...(q && { q }) };
    await getQueryClient().prefetchInfiniteQuery(trpc.recipients.list.infiniteQueryOptions(asked, nextPage));
  }
  return (
    <HydrateClient>
      <Allowed action="recipients.read" to="see recipients">
        <RecipientsPage />
      </Allowed>
    </HydrateClient>
  );
}
