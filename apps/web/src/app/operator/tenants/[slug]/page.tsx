import { TRPCError } from "@trpc/server";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { caller, getQueryClient, HydrateClient, trpc } from "../../../../trpc/server";
import { TenantPage } from "./tenant-page";

export const metadata: Metadata = { title: "Tenant · Operator" };

/** What may this tenant do, and how does it fare? */
export default async function OperatorTenantPage({ params }: PageProps<"/operator/tenants/[slug]">) {
  const { slug } = await params;
  const options = trpc.tenants.get.queryOptions({ slug });
  try {
    getQueryClient().setQueryData(options.queryKey, await (await caller()).tenants.get({ slug }));
  } catch (error) {
    if (error instanceof TRPCError && error.code === "NOT_FOUND") notFound();
    throw error;
  }
  return (
    <HydrateClient>
      <TenantPage slug={slug} />
    </HydrateClient>
  );
}
