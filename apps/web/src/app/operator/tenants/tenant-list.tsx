"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { planIds, planOf } from "@tidings/shared/plans";
import { Building2 } from "lucide-react";
import { useQueryStates } from "nuqs";
import type { Answers } from "../../../trpc/answers";
import { useTRPC } from "../../../trpc/client";
import { nextPage } from "../../../trpc/next-page";
import { type DataColumn, DataTable } from "../../../ui/data-table";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorState } from "../../../ui/error-state";
import { FilterBar } from "../../../ui/filter-bar";
import { FilterMenu } from "../../../ui/filter-menu";
import { formatCompact } from "../../../ui/format-number";
import { moreOf } from "../../../ui/load-more";
import { PageHeader } from "../../../ui/page-header";
import { SearchInput } from "../../../ui/search-input";
import { RelativeTime } from "../../../ui/time";
import { given } from "../given";
import { CreateTenant } from "./create-tenant";
import { tenantFilters } from "./tenant-filters";

type Tenant = Answers["tenants"]["list"]["data"][number];

const plans = planIds.map((id) => ({ value: id, label: planOf(id).name }));

/** Every tenant, newest first. */
export function TenantList() {
  const trpc = useTRPC();
  const [filters, setFilters] = useQueryStates(tenantFilters);
  const list = useInfiniteQuery(trpc.tenants.list.infiniteQueryOptions(given(filters), nextPage));
  const isNarrowed = Boolean(filters.q || filters.plan);

  return (
    <>
      <PageHeader
        title="Tenants"
        description="Every customer, product or team on the platform, with its deliveries in live mode over the last 30 days."
        actions={<CreateTenant />}
      />
      <FilterBar>
        <SearchInput
          label="Search tenants"
          placeholder="Name, short name or address"
          value={filters.q ?? ""}
          onValueChange={(q) => void setFilters({ q: q || null })}
        />
        <FilterMenu
          label="Plan"
          single
          options={plans}
          value={filters.plan ? [filters.plan] : []}
          onValueChange={([plan]) => void setFilters({ plan: planIds.find((id) => id === plan) ?? null })}
        />
      </FilterBar>
      {list.isError && !list.data ? (
        <ErrorState title="The tenants could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="Tenants"
          columns={columns}
          rows={list.data?.pages.flatMap((page) => page.data)}
          rowId={({ id }) => id}
          rowLabel={({ name }) => name}
          href={({ slug }) => `/operator/tenants/${slug}`}
          renderCard={(tenant) => <TenantCard tenant={tenant} />}
          empty={
            <EmptyState
              icon={<Building2 />}
              title={isNarrowed ? "No tenant like this" : "No tenants yet"}
              action={!isNarrowed && <CreateTenant />}
            >
              {isNarrowed
                ? "Search by name, short name or the team’s address, or show all plans."
                : "A tenant is an isolated customer, product or team. Make one here, or let people sign up."}
            </EmptyState>
          }
          more={moreOf(list)}
        />
      )}
    </>
  );
}

const number = (value: number) =>
  value === 0 ? <span className="text-ink-muted">0</span> : <span>{formatCompact(value)}</span>;

const columns: readonly DataColumn<Tenant>[] = [
  { key: "name", header: "Name", cell: ({ name }) => <bdi className="font-medium">{name}</bdi> },
  {
    ...{ key: "slug", header: "Short name", width: "w-48" },
    cell: ({ slug }) => <code className="font-mono text-ink-muted text-xs">{slug}</code>,
  },
  { key: "plan", header: "Plan", width: "w-28", cell: ({ plan }) => planOf(plan).name },
  {
    ...{ key: "accepted", header: "Accepted", width: "w-24", align: "end" },
    cell: ({ volume }) => number(volume.accepted),
  },
  { key: "sent", header: "Sent", width: "w-24", align: "end", cell: ({ volume }) => number(volume.sent) },
  { key: "failed", header: "Failed", width: "w-24", align: "end", cell: ({ volume }) => number(volume.failed) },
  {
    ...{ key: "created", header: "Created", width: "w-28" },
    cell: ({ createdAt }) => <RelativeTime at={createdAt} className="text-ink-muted" />,
  },
];

function TenantCard({ tenant: { name, slug, plan, volume } }: { tenant: Tenant }) {
  return (
    <div className="space-y-1">
      <div className="flex items-start justify-between gap-3">
        <bdi className="wrap-anywhere min-w-0 font-medium">{name}</bdi>
        <span className="text-ink-muted text-sm">{planOf(plan).name}</span>
      </div>
      <p className="wrap-anywhere text-ink-muted text-xs">
        <code className="font-mono">{slug}</code> · {formatCompact(volume.sent)} sent · {formatCompact(volume.failed)}{" "}
        failed
      </p>
    </div>
  );
}
