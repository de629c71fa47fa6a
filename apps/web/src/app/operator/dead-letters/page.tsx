import type { Metadata } from "next";
import { nextPage } from "../../../trpc/next-page";
import { getQueryClient, HydrateClient, trpc } from "../../../trpc/server";
import { given } from "../given";
import { loadDeadLetterFilters } from "./dead-letter-filters";
import { DeadLetterList } from "./dead-letter-list";

export const metadata: Metadata = { title: "Dead letters · Operator" };

/** What could not be processed, and why? */
export default async function DeadLettersPage({ searchParams }: PageProps<"/operator/dead-letters">) {
  const filters = given(await loadDeadLetterFilters(searchParams));
  await getQueryClient().prefetchInfiniteQuery(trpc.deadLetters.list.infiniteQueryOptions(filters, nextPage));
  return (
    <HydrateClient>
      <DeadLetterList />
    </HydrateClient>
  );
}
