import type { Metadata } from "next";
import { tenantInput } from "../../../../server/pages/tenant-input";
import { Allowed } from "../../../../shell/tenant-context";
import { nextPage } from "../../../../trpc/next-page";
import { getQueryClient, HydrateClient, trpc } from "../../../../trpc/server";
import { AuditLog } from "./audit-log";
import { auditQuery, loadAuditLogFilters } from "./audit-log-filters";

export const metadata: Metadata = { title: "Audit log" };

/** Who changed what, when and from where. */
export default async function AuditPage({ params, searchParams }: PageProps<"/[tenant]/settings/audit">) {
  const [input, filters] = await Promise.all([tenantInput(params), loadAuditLogFilters(searchParams)]);
  const client = getQueryClient();
  const listed = { ...input, limit: 50, ...auditQuery(filters) };
  await Promise.all([
    client.prefetchQuery(trpc.audit.terms.queryOptions(input)),
    // A time such as `7d` ends now, which in the browser is another moment.
    filters.time === null && client.prefetchInfiniteQuery(trpc.audit.list.infiniteQueryOptions(listed, nextPage)),
  ]);
  return (
    <HydrateClient>
      <Allowed action="audit.read" to="read the audit log">
        <AuditLog />
      </Allowed>
    </HydrateClient>
  );
}
