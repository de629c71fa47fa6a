"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReportEventType, reportEventTypes } from "@tidings/shared/report-events";
import { Inbox } from "lucide-react";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { nextPage } from "../../../trpc/next-page";
import { type DataColumn, DataTable } from "../../../ui/data-table";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorState } from "../../../ui/error-state";
import { FilterBar } from "../../../ui/filter-bar";
import { FilterMenu } from "../../../ui/filter-menu";
import { IdChip } from "../../../ui/id-chip";
import { moreOf } from "../../../ui/load-more";
import { Section } from "../../../ui/section";
import { RelativeTime } from "../../../ui/time";
import { MessageLink } from "../message-link";
import type { Endpoint, Report } from "./endpoint-words";
import { ReportPanel } from "./report-panel";
import { ReportStatus } from "./report-status";
import { useReportPlace } from "./use-report-place";

const statusOptions = [
  { value: "PENDING", label: "Waiting or retrying" },
  { value: "DELIVERED", label: "Delivered" },
  { value: "FAILED", label: "Failed" },
] as const;
const typeOptions = reportEventTypes.map((value) => ({ value, label: value }));

/** Every report to an endpoint, the newest first; a row opens it beside the list. */
export function EndpointReports({ endpoint }: { endpoint: Endpoint }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const [{ status, type, report }, setPlace] = useReportPlace();
  const known = reportEventTypes.find((one) => one === type);
  const filters = { ...(status && { status }), ...(known && { type: known }) };
  const list = useInfiniteQuery({
    ...trpc.webhooks.reports.infiniteQueryOptions({ ...tenant.input, id: endpoint.id, filters }, nextPage),
    refetchInterval: ({ state }) => (state.data && state.data.pages.length > 1 ? false : 5_000),
  });
  const isFiltered = Object.keys(filters).length > 0;

  return (
    <Section
      title="Reports"
      description="One event each, newest first. Open one for its requests and answers, and to send it again. Kept as long as messages are."
    >
      <div>
        <FilterBar>
          <FilterMenu
            label="Status"
            single
            options={statusOptions}
            value={status ? [status] : []}
            onValueChange={([value]) => void setPlace({ status: value ?? null })}
          />
          <FilterMenu<ReportEventType>
            label="Event"
            single
            options={typeOptions}
            value={known ? [known] : []}
            onValueChange={([value]) => void setPlace({ type: value ?? null })}
          />
        </FilterBar>
        {list.isError && !list.data ? (
          <ErrorState title="The reports could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
        ) : (
          <DataTable
            label="Reports"
            columns={columns}
            rows={list.data?.pages.flatMap((page) => page.data)}
            rowId={(row) => row.id}
            rowLabel={(row) => `Report ${row.type} ${row.id}`}
            onOpen={(row) => void setPlace({ report: row.id })}
            selectedId={report}
            renderCard={(row) => <ReportCard {...row} />}
            empty={
              <EmptyState icon={<Inbox />} title={isFiltered ? "No report is like that" : "Nothing was posted yet"}>
                {isFiltered
                  ? "Take a filter away to see the others."
                  : "Send a test event to see that it answers; or send a message, and what becomes of it is posted here."}
              </EmptyState>
            }
            more={moreOf(list)}
          />
        )}
      </div>
      <ReportPanel
        id={report}
        headerNames={endpoint.headerNames}
        isEnabled={endpoint.enabled}
        onClose={() => void setPlace({ report: null })}
      />
    </Section>
  );
}

const columns: readonly DataColumn<Report>[] = [
  { key: "status", header: "Status", width: "w-32", cell: (row) => <ReportStatus {...row} /> },
  { key: "type", header: "Event", cell: ({ type }) => <code className="font-mono text-sm">{type}</code> },
  { key: "id", header: "Id", width: "w-40", cell: ({ id }) => <IdChip id={id} length={14} /> },
  { key: "message", header: "Message", width: "w-44", cell: (row) => <MessageLink id={row.notificationId} /> },
  { key: "attempts", header: "Attempts", width: "w-24", align: "end", cell: ({ attemptCount }) => attemptCount },
  {
    key: "next",
    header: "Next attempt",
    width: "w-28",
    cell: ({ status, nextAttemptAt }) =>
      status === "PENDING" && nextAttemptAt ? (
        <RelativeTime at={nextAttemptAt} />
      ) : (
        <span className="text-ink-muted">—</span>
      ),
  },
  {
    key: "created",
    header: "Created",
    width: "w-28",
    cell: ({ createdAt }) => <RelativeTime at={createdAt} className="text-ink-muted" />,
  },
];

function ReportCard(row: Report) {
  return (
    <div className="space-y-1">
      <div className="flex items-center justify-between gap-3">
        <code className="truncate font-mono text-sm">{row.type}</code>
        <ReportStatus {...row} />
      </div>
      <p className="text-ink-muted text-xs">
        {row.attemptCount} {row.attemptCount === 1 ? "attempt" : "attempts"} · <RelativeTime at={row.createdAt} />
        {row.status === "PENDING" && row.nextAttemptAt && (
          <>
            {" · next "}
            <RelativeTime at={row.nextAttemptAt} />
          </>
        )}
      </p>
    </div>
  );
}
