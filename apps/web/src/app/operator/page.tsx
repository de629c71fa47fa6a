import type { Metadata } from "next";
import { getQueryClient, HydrateClient, trpc } from "../../trpc/server";
import { HealthPage } from "./overview/health-page";

export const metadata: Metadata = { title: "Health · Operator" };

/** Is the platform healthy? */
export default async function OperatorPage() {
  const queries = getQueryClient();
  // What answers from the database comes with the page; what may be away is asked from the browser.
  await queries.prefetchQuery(trpc.operator.throughput.queryOptions());
  return (
    <HydrateClient>
      <HealthPage />
    </HydrateClient>
  );
}
