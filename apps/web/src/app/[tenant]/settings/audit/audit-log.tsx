"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Download, ScrollText } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { nextPage } from "../../../../trpc/next-page";
import { buttonStyles } from "../../../../ui/button";
import { type DataColumn, DataTable } from "../../../../ui/data-table";
import { DateRangeFilter } from "../../../../ui/date-range-filter";
import { EmptyState } from "../../../../ui/empty-state";
import { ErrorState } from "../../../../ui/error-state";
import { FilterBar } from "../../../../ui/filter-bar";
import { FilterMenu } from "../../../../ui/filter-menu";
import { moreOf } from "../../../../ui/load-more";
import { SearchFurther } from "../../../../ui/search-further";
import { SearchInput } from "../../../../ui/search-input";
import { RelativeTime } from "../../../../ui/time";
import type { AuditEntry } from "./audit-entry";
import { AuditEntrySheet } from "./audit-entry-sheet";
import { auditLogFilters, auditQuery } from "./audit-log-filters";
import { auditActionWords } from "./audit-words";

/** The tenant's audit log, newest first; an entry opens beside it. */
export function AuditLog() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const [filters, setFilters] = useQueryStates(auditLogFilters);
  const [openId, setOpenId] = useState<string | null>(null);
  const asked = useMemo(() => auditQuery(filters), [filters]);
  const list = useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions({ ...tenant.input, limit: 50, ...asked }, nextPage),
  );
  const terms = useQuery(trpc.audit.terms.queryOptions(tenant.input));
  const rows = list.data?.pages.flatMap((page) => page.data);
  const searchedTo = list.data?.pages.at(-1)?.searchedTo;
  const open = rows?.find(({ id }) => id === openId) ?? null;
  const isFiltered = Object.keys(asked).length > 0;

  return (
    <>
      <FilterBar
        actions={
          <a className={buttonStyles()} href={`${tenant.href("settings/audit/export")}?${exportQuery(asked)}`} download>
            <Download aria-hidden />
            Export CSV
          </a>
        }
      >
        <SearchInput
          label="Search the audit log"
          placeholder="Search by id, name or address"
          value={filters.q}
          onValueChange={(q) => void setFilters({ q: q || null })}
        />
        <FilterMenu
          label="Person"
          single
          options={(terms.data?.actors ?? []).map((actor) => ({ value: actor, label: actor }))}
          value={filters.actor ? [filters.actor] : []}
          onValueChange={([actor]) => void setFilters({ actor: actor ?? null })}
        />
        <FilterMenu
          label="Action"
          options={(terms.data?.actions ?? []).map((action) => ({ value: action, label: auditActionWords(action) }))}
          value={filters.actions}
          onValueChange={(actions) => void setFilters({ actions: actions.length > 0 ? actions : null })}
        />
        <DateRangeFilter value={filters.time} onValueChange={(time) => void setFilters({ time })} />
      </FilterBar>
      {list.isError && !list.data ? (
        <ErrorState title="The audit log could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="Audit log"
          columns={columns}
          rows={rows}
          rowId={({ id }) => id}
          rowLabel={({ actor, action }) => `${auditActionWords(action)}, by ${actor}`}
          onOpen={({ id }) => setOpenId(id)}
          selectedId={openId}
          renderCard={(entry) => <EntryCard entry={entry} />}
          empty={
            <EmptyState icon={<ScrollText />} title={isFiltered ? "Nothing like that" : "Nothing has been changed yet"}>
              {isFiltered
                ? searchedTo
                  ? "None so far: the search has not come to the end."
                  : "No entry of the audit log fits these filters."
                : "Whatever somebody changes in the console is kept here: who, what, when and from where. Secrets are left out."}
            </EmptyState>
          }
          more={moreOf(list)}
        />
      )}
      <SearchFurther list={list} searchedTo={searchedTo} />
      <AuditEntrySheet entry={open} onClose={() => setOpenId(null)} />
    </>
  );
}

/** The same question, for the download. */
function exportQuery({ from, to, actions, ...texts }: ReturnType<typeof auditQuery>): string {
  return new URLSearchParams({
    ...texts,
    ...(actions && { actions: actions.join(",") }),
    ...(from && { from: from.toISOString() }),
    ...(to && { to: to.toISOString() }),
  }).toString();
}

const muted = (text: string | null) => <span className="text-ink-muted">{text ?? "—"}</span>;

const columns: readonly DataColumn<AuditEntry>[] = [
  {
    key: "action",
    header: "What",
    width: "w-56",
    cell: ({ action }) => <span className="font-medium">{auditActionWords(action)}</span>,
  },
  {
    ...{ key: "target", header: "Target" },
    cell: ({ target }) => (target ? <bdi title={target}>{target}</bdi> : muted(null)),
  },
  { key: "actor", header: "Who", cell: ({ actor }) => <span title={actor}>{actor}</span> },
  { key: "from", header: "From", width: "w-36", cell: ({ ipAddress }) => muted(ipAddress) },
  { key: "at", header: "When", width: "w-28", cell: ({ at }) => <RelativeTime at={at} className="text-ink-muted" /> },
];

function EntryCard({ entry: { action, target, actor, at } }: { entry: AuditEntry }) {
  return (
    <div className="space-y-0.5">
      <p className="flex items-baseline justify-between gap-3">
        <span className="truncate font-medium">{auditActionWords(action)}</span>
        <RelativeTime at={at} className="shrink-0 text-ink-muted text-xs" />
      </p>
      {target && <p className="truncate text-sm">{target}</p>}
      <p className="truncate text-ink-muted text-sm">{actor}</p>
    </div>
  );
}
