import type { Metadata } from "next";
import { tenantInput } from "../../../../server/pages/tenant-input";
import { Allowed } from "../../../../shell/tenant-context";
import { getQueryClient, HydrateClient, trpc } from "../../../../trpc/server";
import { AuditLog } from "./audit-log";

export const metadata: Metadata = { title: "Audit log" };

/** Who changed what, when and from where. */
export default async function AuditPage({ params }: PageProps<"/[tenant]/settings/audit">) {
  void getQueryClient().prefetchQuery(trpc.audit.terms.queryOptions(await tenantInput(params)));
  return (
    <HydrateClient>
      <Allowed action="audit.read" to="read the audit log">
        <AuditLog />
      </Allowed>
    </HydrateClient>
  );
}
