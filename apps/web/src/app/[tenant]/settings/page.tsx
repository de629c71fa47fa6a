import { can } from "@tidings/shared/roles";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { requireMe } from "../../../server/pages/require-me";
import { tenantInput } from "../../../server/pages/tenant-input";
import { getQueryClient, HydrateClient, trpc } from "../../../trpc/server";
import { GeneralSettings } from "./general-settings";

export const metadata: Metadata = { title: "Settings" };

/** What the tenant is called, and how its messages go out. Who may see the team alone is led there. */
export default async function SettingsPage({ params }: PageProps<"/[tenant]/settings">) {
  const [input, me] = await Promise.all([tenantInput(params), requireMe()]);
  const place = me.tenants.find(({ slug }) => slug === input.tenant);
  if (place && !can(place.role, "settings.read")) redirect(`/${input.tenant}/settings/team`);
  await getQueryClient().prefetchQuery(trpc.settings.get.queryOptions(input));
  return (
    <HydrateClient>
      <GeneralSettings />
    </HydrateClient>
  );
}
