"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { MailX, X } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { useTRPC } from "../../../trpc/client";
import { nextPage } from "../../../trpc/next-page";
import { Button } from "../../../ui/button";
import { type DataColumn, DataTable } from "../../../ui/data-table";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorState } from "../../../ui/error-state";
import { FilterBar } from "../../../ui/filter-bar";
import { moreOf } from "../../../ui/load-more";
import { PageHeader } from "../../../ui/page-header";
import { SearchInput } from "../../../ui/search-input";
import { Segmented } from "../../../ui/segmented";
import { RelativeTime } from "../../../ui/time";
import { given } from "../given";
import { deadLetterFilters } from "./dead-letter-filters";
import { DeadLetterSheet } from "./dead-letter-sheet";
import { canReplay, type DeadLetter, LetterState, placeOf } from "./letter-state";
import { ReplayAll } from "./replay-all";

/** Messages that could not be read or routed, of all tenants. */
export function DeadLetterList() {
  const trpc = useTRPC();
  const [filters, setFilters] = useQueryStates(deadLetterFilters);
  const list = useInfiniteQuery(trpc.deadLetters.list.infiniteQueryOptions(given(filters), nextPage));
  const [openedId, setOpenedId] = useState<string | null>(null);
  const rows = list.data?.pages.flatMap((page) => page.data);
  const isNarrowed = Boolean(filters.q || filters.tenant || filters.state);
  const hasWaiting = rows?.some((letter) => letter.replayedAt === null && canReplay(letter)) ?? false;

  return (
    <>
      <PageHeader
        title="Dead letters"
        description="Messages the pipeline could not read or route, each with the reason. They hold nothing else up. Fix the cause, then replay."
        actions={hasWaiting && filters.state !== "replayed" && <ReplayAll filters={filters} />}
      />
      <FilterBar>
        <SearchInput
          label="Search reasons"
          placeholder="Search reasons"
          value={filters.q ?? ""}
          onValueChange={(q) => void setFilters({ q: q || null })}
        />
        {filters.tenant && (
          <Button onClick={() => void setFilters({ tenant: null })}>
            Of {filters.tenant}
            <X aria-hidden />
            <span className="sr-only">Show all tenants’</span>
          </Button>
        )}
        <Segmented
          label="Which dead letters"
          options={[
            { value: "all", label: "All" },
            { value: "waiting", label: "Waiting" },
            { value: "replayed", label: "Replayed" },
          ]}
          value={filters.state ?? "all"}
          onValueChange={(state) => void setFilters({ state: state === "all" ? null : state })}
        />
      </FilterBar>
      {list.isError && !list.data ? (
        <ErrorState
          title="The dead letters could not be loaded"
          error={list.error}
          onRetry={() => void list.refetch()}
        />
      ) : (
        <DataTable
          label="Dead letters"
          columns={columns}
          rows={rows}
          rowId={({ id }) => id}
          rowLabel={({ reason }) => reason}
          onOpen={({ id }) => setOpenedId(id)}
          selectedId={openedId}
          renderCard={(letter) => <LetterCard letter={letter} />}
          empty={
            <EmptyState icon={<MailX />} title={isNarrowed ? "None like these" : "No dead letters"}>
              {isNarrowed
                ? "Change the search or show all."
                : "Good. A message that cannot be read, or whose routing keeps failing, would be kept here until somebody replays it."}
            </EmptyState>
          }
          more={moreOf(list)}
        />
      )}
      <DeadLetterSheet letter={rows?.find(({ id }) => id === openedId)} onClose={() => setOpenedId(null)} />
    </>
  );
}

const columns: readonly DataColumn<DeadLetter>[] = [
  {
    ...{ key: "created", header: "When", width: "w-28" },
    cell: ({ createdAt }) => <RelativeTime at={createdAt} className="text-ink-muted" />,
  },
  {
    ...{ key: "tenant", header: "Tenant", width: "w-52" },
    cell: ({ tenant }) => (tenant ? <bdi>{tenant.name}</bdi> : <span className="text-ink-muted">Unknown</span>),
  },
  {
    ...{ key: "reason", header: "Reason" },
    cell: ({ reason }) => (
      <span title={reason} className="font-medium">
        {reason}
      </span>
    ),
  },
  {
    ...{ key: "where", header: "Topic", width: "w-48" },
    cell: (letter) => (
      <code title={placeOf(letter)} className="font-mono text-ink-muted text-xs">
        {letter.topic}
      </code>
    ),
  },
  { key: "state", header: "State", width: "w-32", cell: (letter) => <LetterState {...letter} /> },
];

function LetterCard({ letter }: { letter: DeadLetter }) {
  return (
    <div className="space-y-1.5">
      <div className="flex items-start justify-between gap-3">
        <span className="wrap-anywhere min-w-0 font-medium">{letter.reason}</span>
        <LetterState {...letter} />
      </div>
      <p className="text-ink-muted text-xs">
        <bdi>{letter.tenant?.name ?? "Unknown tenant"}</bdi> ·{" "}
        <RelativeTime at={letter.createdAt} className="whitespace-nowrap" />
      </p>
    </div>
  );
}
