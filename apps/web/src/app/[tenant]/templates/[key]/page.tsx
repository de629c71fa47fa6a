import type { Metadata } from "next";
import { tenantInput } from "../../../../server/pages/tenant-input";
import { Allowed } from "../../../../shell/tenant-context";
import { getQueryClient, HydrateClient, trpc } from "../../../../trpc/server";
import { TemplatePage } from "./template-page";

export async function generateMetadata({ params }: PageProps<"/[tenant]/templates/[key]">): Promise<Metadata> {
  return { title: decodeURIComponent((await params).key) };
}

/** One template: written, looked at, published. */
export default async function Page({ params }: PageProps<"/[tenant]/templates/[key]">) {
  const [input, { key }] = await Promise.all([tenantInput(params), params]);
  const template = { ...input, key: decodeURIComponent(key) };
  await getQueryClient().prefetchQuery(trpc.templates.get.queryOptions(template));
  return (
    <HydrateClient>
      <Allowed action="templates.read" to="see templates">
        <TemplatePage templateKey={template.key} />
      </Allowed>
    </HydrateClient>
  );
}
