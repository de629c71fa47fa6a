import type { Metadata } from "next";
import { tenantInput } from "../../../../server/pages/tenant-input";
import { Allowed } from "../../../../shell/tenant-context";
import { nextPage } from "../../../../trpc/next-page";
import { getQueryClient, HydrateClient, trpc } from "../../../../trpc/server";
import { CategorySettings } from "./category-settings";

export const metadata: Metadata = { title: "Categories" };

/** What messages are about, and which of it cannot be unsubscribed from. */
export default async function CategoriesPage({ params }: PageProps<"/[tenant]/settings/categories">) {
  const input = await tenantInput(params);
  await getQueryClient().prefetchInfiniteQuery(
    trpc.categories.list.infiniteQueryOptions({ ...input, limit: 100 }, nextPage),
  );
  return (
    <HydrateClient>
      <Allowed action="settings.read" to="see categories">
        <CategorySettings />
      </Allowed>
    </HydrateClient>
  );
}
