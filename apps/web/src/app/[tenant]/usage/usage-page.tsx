"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { BarChart3, Download } from "lucide-react";
import { useQueryStates } from "nuqs";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { BarChart } from "../../../ui/bar-chart";
import { buttonStyles } from "../../../ui/button";
import { Callout } from "../../../ui/callout";
import { Card, CardBody } from "../../../ui/card";
import { type DataColumn, DataTable } from "../../../ui/data-table";
import { DateRangeFilter } from "../../../ui/date-range-filter";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorState } from "../../../ui/error-state";
import { FilterBar } from "../../../ui/filter-bar";
import { Fold } from "../../../ui/fold";
import { formatCount } from "../../../ui/format-number";
import { PageHeader } from "../../../ui/page-header";
import { Section } from "../../../ui/section";
import { Segmented } from "../../../ui/segmented";
import { Skeleton } from "../../../ui/skeleton";
import { Stat, StatRow } from "../../../ui/stat";
import { curlOf } from "../curl-of";
import { longDay } from "../long-day";
import { Quotas } from "./quotas";
import { type UsageGroup, usageFilters } from "./usage-filters";
import { chartOf, sumsOf, type Usage, type UsageCounts } from "./usage-rows";
import { usagePresets, usageSpanOf } from "./usage-span";

const groupOptions = [
  { value: "channel", label: "Channel" },
  { value: "provider", label: "Provider" },
  { value: "category", label: "Category" },
] as const;

/** What is used: this month's quotas, and any span of days told apart by channel, provider or category. */
export function UsagePage() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const [{ time, by }, setFilters] = useQueryStates(usageFilters);
  const span = usageSpanOf(time, new Date());
  const usage = useQuery({
    ...trpc.usage.get.queryOptions({ ...tenant.input, ...span, by }),
    placeholderData: keepPreviousData,
  });

  return (
    <>
      <PageHeader title="Usage" description="What was sent, counted in the units that quotas and bills are made of." />
      <div className="space-y-8">
        {tenant.mode === "test" && (
          <Callout title="Only live mode counts">
            Test mode is free: it takes nothing from a quota and is on no bill. Quotas are those of live mode; below
            them stands what you tried in test mode.
          </Callout>
        )}
        <Quotas />
        <Section title={tenant.mode === "test" ? "Sent in test mode" : "Sent in live mode"}>
          <FilterBar
            actions={
              <a
                className={buttonStyles()}
                href={`${tenant.href("usage/export")}?${new URLSearchParams({ ...span, mode: tenant.mode })}`}
                download
              >
                <Download aria-hidden />
                Export CSV
              </a>
            }
          >
            <DateRangeFilter
              label="Days"
              required
              presets={usagePresets}
              value={time}
              onValueChange={(next) => void setFilters({ time: next })}
            />
            <Segmented
              label="Told apart by"
              options={groupOptions}
              value={by}
              onValueChange={(next) => void setFilters({ by: next })}
            />
          </FilterBar>
          {usage.isError ? (
            <ErrorState
              title="The usage could not be loaded"
              error={usage.error}
              onRetry={() => void usage.refetch()}
            />
          ) : usage.data ? (
            <Used usage={usage.data} by={by} />
          ) : (
            <Skeleton className="h-80 w-full" />
          )}
        </Section>
        <Units />
      </div>
    </>
  );
}

function Used({ usage, by }: { usage: Usage; by: UsageGroup }) {
  const { apiUrl, mode } = useTenant();
  const { total, groups } = sumsOf(usage);
  if (groups.length === 0) {
    return (
      <EmptyState
        icon={<BarChart3 />}
        title={`Nothing was sent from ${longDay(usage.from)} to ${longDay(usage.to)}`}
        command={{ label: "Send one", code: curlOf({ apiUrl, key: null, mode }) }}
      >
        Every delivery is counted here on the day it happens, in UTC.
      </EmptyState>
    );
  }
  const nameOf = (key: string | null) => groupName(by, key);
  const chart = chartOf(usage, nameOf);
  return (
    <div className="space-y-4">
      <StatRow>
        <Stat label="Accepted" value={formatCount(total.accepted)} note="Deliveries taken on" />
        <Stat label="Sent" value={formatCount(total.sent)} note="Taken by a provider" />
        <Stat label="Delivered" value={formatCount(total.delivered)} note="Confirmed by a receipt" />
        <Stat label="Failed" value={formatCount(total.failed)} note="Given up" />
        <Stat label="Units" value={formatCount(total.units)} note="What live mode is billed by" />
      </StatRow>
      {chart.series.length > 0 && (
        <Card>
          <CardBody>
            <BarChart label={`Units by ${by} and day`} xLabel="Day (UTC)" {...chart} />
          </CardBody>
        </Card>
      )}
      <DataTable
        label={`Usage by ${by}`}
        columns={columns[by]}
        rows={groups}
        rowId={({ key }) => key ?? ""}
        renderCard={(row) => <GroupCard name={nameOf(row.key)} row={row} />}
        empty={null}
      />
    </div>
  );
}

type Group = UsageCounts & { key: string | null };

function groupName(by: UsageGroup, key: string | null): string {
  if (key === null) return by === "provider" ? "Before a provider is chosen" : "No category";
  return by === "channel" ? (channelNames[key] ?? key) : key;
}

const numbers: readonly { key: keyof UsageCounts; header: string }[] = [
  { key: "accepted", header: "Accepted" },
  { key: "sent", header: "Sent" },
  { key: "delivered", header: "Delivered" },
  { key: "failed", header: "Failed" },
  { key: "units", header: "Units" },
];

function columnsOf(by: UsageGroup, header: string): readonly DataColumn<Group>[] {
  return [
    { key: "group", header, cell: ({ key }) => groupName(by, key), sortBy: ({ key }) => groupName(by, key) },
    ...numbers.map(
      ({ key, header }): DataColumn<Group> => ({
        ...{ key, header, width: "w-28", align: "end" },
        cell: (row) => formatCount(row[key]),
        sortBy: (row) => row[key],
      }),
    ),
  ];
}

const columns: Readonly<Record<UsageGroup, readonly DataColumn<Group>[]>> = {
  channel: columnsOf("channel", "Channel"),
  provider: columnsOf("provider", "Provider"),
  category: columnsOf("category", "Category"),
};

function GroupCard({ name, row }: { name: string; row: UsageCounts }) {
  return (
    <div className="space-y-1">
      <p className="wrap-anywhere font-medium">{name}</p>
      <dl className="grid grid-cols-2 gap-x-4 text-sm">
        {numbers.map(({ key, header }) => (
          <div key={key} className="flex justify-between gap-2">
            <dt className="text-ink-muted">{header}</dt>
            <dd>{formatCount(row[key])}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Units() {
  return (
    <Fold title="What is a unit?">
      <div className="max-w-prose space-y-2 text-ink-muted text-sm">
        <p>
          One message that a provider took. A text by SMS or WhatsApp that is longer than one segment is as many units
          as it has segments. What failed or was skipped is none.
        </p>
        <p>
          A quota counts the same units, and in advance one for each message that is under way or scheduled for this
          month; one that is skipped keeps it. So its bar may be ahead of the units that were sent. Days are those of
          UTC; a receipt counts on the day it comes.
        </p>
      </div>
    </Fold>
  );
}
