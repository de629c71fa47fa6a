import type { Metadata } from "next";
import { tenantInput } from "../../../server/pages/tenant-input";
import { Allowed } from "../../../shell/tenant-context";
import { nextPage } from "../../../trpc/next-page";
import { getQueryClient, HydrateClient, trpc } from "../../../trpc/server";
import { loadTemplateFilters, templateListInput } from "./template-filters";
import { TemplateList } from "./template-list";

export const metadata: Metadata = { title: "Templates" };

/** What the tenant says. */
export default async function TemplatesPage({ params, searchParams }: PageProps<"/[tenant]/templates">) {
  const [input, filters] = await Promise.all([tenantInput(params), loadTemplateFilters(searchParams)]);
  const list = { ...input, ...templateListInput(filters) };
  await getQueryClient().prefetchInfiniteQuery(trpc.templates.list.infiniteQueryOptions(list, nextPage));
  return (
    <HydrateClient>
      <Allowed action="templates.read" to="see templates">
        <TemplateList />
      </Allowed>
    </HydrateClient>
  );
}
