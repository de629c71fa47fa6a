"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Ban, Download } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { nextPage } from "../../../trpc/next-page";
import { Button, buttonStyles } from "../../../ui/button";
import { type DataColumn, DataTable } from "../../../ui/data-table";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorState } from "../../../ui/error-state";
import { FilterBar } from "../../../ui/filter-bar";
import { FilterMenu } from "../../../ui/filter-menu";
import { IdChip } from "../../../ui/id-chip";
import { moreOf } from "../../../ui/load-more";
import { PageHeader } from "../../../ui/page-header";
import { ChooseAllRows, ChooseRow, RowChoices } from "../../../ui/row-choice";
import { SearchInput } from "../../../ui/search-input";
import { RelativeTime } from "../../../ui/time";
import { AddSuppression } from "./add-suppression";
import { ImportSuppressions } from "./import-suppressions";
import { LiftSuppression } from "./lift-suppression";
import { LiftSuppressions } from "./lift-suppressions";
import { filtersOf, suppressionFilters } from "./suppression-filters";
import { reasonWords, type Suppression, type SuppressionReason } from "./suppression-words";

const channelOptions = Object.entries(channelNames).map(([value, label]) => ({ value, label }));
const reasonOptions = Object.entries(reasonWords).map(([value, label]) => ({
  value: value as SuppressionReason,
  label,
}));

/** The addresses that nothing is sent to, newest first. */
export function SuppressionList() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const [filters, setFilters] = useQueryStates(suppressionFilters);
  const asked = filtersOf(filters);
  const narrowed = Object.keys(asked).length > 0;
  const list = useInfiniteQuery(
    trpc.suppressions.list.infiniteQueryOptions({ ...tenant.input, ...asked, limit: 50 }, nextPage),
  );
  const categories = useQuery(trpc.suppressions.categories.queryOptions(tenant.input));
  const mayWrite = tenant.can("suppressions.write");
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data), [list.data]);
  const ids = useMemo(() => rows?.map(({ id }) => id) ?? [], [rows]);

  return (
    <>
      <PageHeader
        title="Suppressions"
        description="Addresses that nothing is sent to, because they bounced, complained or asked for no more. Test and live mode share them."
        actions={
          <>
            <a
              className={buttonStyles()}
              href={`${tenant.href("suppressions/export")}?${new URLSearchParams({ ...asked, mode: tenant.mode })}`}
              download="suppressions.csv"
            >
              <Download aria-hidden />
              <span className="max-sm:sr-only">Export CSV</span>
            </a>
            {mayWrite && <ImportSuppressions />}
            {mayWrite && <AddSuppression />}
          </>
        }
      />
      <FilterBar>
        <SearchInput
          label="Search by address"
          placeholder="An address, or how it begins"
          value={filters.q ?? ""}
          onValueChange={(q) => void setFilters({ q: q.trim() || null })}
        />
        <FilterMenu
          label="Channel"
          single
          options={channelOptions}
          value={filters.channel ? [filters.channel] : []}
          onValueChange={([channel]) => void setFilters({ channel: channel ?? null })}
        />
        <FilterMenu
          label="Reason"
          single
          options={reasonOptions}
          value={filters.reason ? [filters.reason] : []}
          onValueChange={([reason]) => void setFilters({ reason: reason ?? null })}
        />
        <FilterMenu
          label="Category"
          single
          options={[
            { value: "", label: "Of everything" },
            ...(categories.data ?? []).map(({ key, name }) => ({ value: key, label: name })),
            ...(filters.category && !categories.data?.some(({ key }) => key === filters.category)
              ? [{ value: filters.category, label: filters.category }]
              : []),
          ]}
          value={filters.category === null ? [] : [filters.category]}
          onValueChange={([category]) => void setFilters({ category: category ?? null })}
        />
      </FilterBar>
      {list.isError && !list.data ? (
        <ErrorState
          title="The suppressions could not be loaded"
          error={list.error}
          onRetry={() => void list.refetch()}
        />
      ) : (
        <RowChoices ids={ids}>
          {({ chosen, clear }) => (
            <>
              <LiftSuppressions chosen={rows?.filter(({ id }) => chosen.includes(id)) ?? []} onClear={clear} />
              <DataTable
                label="Suppressions"
                columns={mayWrite ? columnsOfWriters : columns}
                rows={rows}
                rowId={(row) => row.id}
                renderCard={(row) => <SuppressionCard row={row} mayWrite={mayWrite} />}
                empty={
                  narrowed ? (
                    <EmptyState
                      icon={<Ban />}
                      title="Nothing is suppressed by these filters"
                      action={
                        <Button
                          onClick={() => void setFilters({ q: null, channel: null, reason: null, category: null })}
                        >
                          Clear filters
                        </Button>
                      }
                    >
                      {filters.q ? `No suppressed address begins with “${filters.q}”.` : "Try fewer of them."}
                    </EmptyState>
                  ) : (
                    <EmptyState
                      icon={<Ban />}
                      title="No address is suppressed"
                      action={mayWrite && <ImportSuppressions />}
                    >
                      Hard bounces, complaints, STOP and unsubscribes come here by themselves. If you move from another
                      platform, bring its list along.
                    </EmptyState>
                  )
                }
                more={moreOf(list)}
              />
            </>
          )}
        </RowChoices>
      )}
    </>
  );
}

const columns: readonly DataColumn<Suppression>[] = [
  { key: "address", header: "Address", cell: (row) => <IdChip id={row.address} length={60} /> },
  {
    key: "channel",
    header: "Channel",
    width: "w-24",
    cell: (row) => <span className="text-ink-muted">{channelNames[row.channel]}</span>,
  },
  { key: "reason", header: "Reason", width: "w-32", cell: (row) => reasonWords[row.reason] },
  {
    key: "category",
    header: "Category",
    width: "w-32",
    cell: (row) => row.category ?? <span className="text-ink-muted">All</span>,
  },
  {
    key: "detail",
    header: "Provider’s words",
    cell: (row) => (
      <span title={row.detail ?? undefined} className="text-ink-muted">
        {row.detail ?? "—"}
      </span>
    ),
  },
  {
    key: "since",
    header: "Since",
    width: "w-24",
    align: "end",
    cell: (row) => <RelativeTime at={row.createdAt} className="text-ink-muted" />,
  },
];

const columnsOfWriters: readonly DataColumn<Suppression>[] = [
  {
    key: "choose",
    header: <ChooseAllRows label="Tick all that are listed" />,
    width: "w-12",
    cell: (row) => <TickRow row={row} />,
  },
  ...columns,
  {
    key: "lift",
    header: <span className="sr-only">Actions</span>,
    width: "w-20",
    align: "end",
    cell: (row) => <LiftSuppression suppression={row} />,
  },
];

function TickRow({ row: { id, address } }: { row: Suppression }) {
  return <ChooseRow id={id} label={`Tick ${address}`} />;
}

function SuppressionCard({ row, mayWrite }: { row: Suppression; mayWrite: boolean }) {
  return (
    <div className="space-y-1">
      <div className="flex items-start gap-3">
        {mayWrite && <TickRow row={row} />}
        <span className="wrap-anywhere mr-auto min-w-0 font-mono text-sm">{row.address}</span>
        <span className="shrink-0 text-ink-muted text-sm">{channelNames[row.channel]}</span>
      </div>
      <div className="flex items-end justify-between gap-3">
        <p className="wrap-anywhere min-w-0 text-ink-muted text-sm">
          {reasonWords[row.reason]}
          {row.category && ` from ${row.category}`} · <RelativeTime at={row.createdAt} />
          {row.detail && <span className="block text-xs">{row.detail}</span>}
        </p>
        {mayWrite && <LiftSuppression suppression={row} />}
      </div>
    </div>
  );
}
