"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, Webhook } from "lucide-react";
import { useTenant } from "../../../shell/tenant-context";
import type { Answers } from "../../../trpc/answers";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { cn } from "../../../ui/cn";
import { type DataColumn, DataTable } from "../../../ui/data-table";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorState } from "../../../ui/error-state";
import { PageHeader } from "../../../ui/page-header";
import { RelativeTime } from "../../../ui/time";
import { EndpointEditor } from "./endpoint-editor";
import { EndpointStatus } from "./endpoint-status";
import { wordsOfEvents } from "./endpoint-words";
import { SuccessRate } from "./success-rate";

type ListedEndpoint = Answers["webhooks"]["list"][number];

/** Every endpoint of the mode, and how it is doing. */
export function EndpointList() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const list = useQuery({ ...trpc.webhooks.list.queryOptions(tenant.input), refetchInterval: 30_000 });
  const add = tenant.can("webhooks.write") && (
    <EndpointEditor
      trigger={
        <Button variant="primary">
          <Plus aria-hidden />
          Add endpoint
        </Button>
      }
    />
  );

  return (
    <>
      <PageHeader
        title="Webhooks"
        description="URLs of yours that Tidings tells what became of messages. Every report is signed, retried for a day, and kept here."
        actions={list.data && list.data.length > 0 && add}
      />
      {list.isError && !list.data ? (
        <ErrorState title="The endpoints could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="Webhook endpoints"
          columns={columns}
          rows={list.data}
          rowId={(endpoint) => endpoint.id}
          rowLabel={(endpoint) => `Endpoint ${endpoint.url}`}
          href={(endpoint) => tenant.href(`webhooks/${endpoint.id}`)}
          renderCard={(endpoint) => <EndpointCard {...endpoint} />}
          empty={
            <EmptyState
              icon={<Webhook />}
              title={`No ${tenant.mode} endpoints yet`}
              action={add}
              command={{ label: "Or make one through the API", code: curlOf(tenant) }}
            >
              An endpoint is a URL of yours. From the moment it is added, Tidings posts what becomes of your messages to
              it: sent, delivered, bounced, opened.
            </EmptyState>
          }
        />
      )}
    </>
  );
}

function curlOf({ apiUrl, mode }: { apiUrl: string; mode: string }): string {
  return `curl -X POST ${apiUrl}/v1/webhooks \\
  -H 'content-type: application/json' \\
  -H 'x-api-key: tdg_${mode}_…' \\
  -d '{ "url": "https://example.com/hooks/tidings", "events": ["delivery.*"] }'`;
}

const columns: readonly DataColumn<ListedEndpoint>[] = [
  {
    key: "url",
    header: "URL",
    cell: ({ url, description }) => (
      <span title={description ? `${url}: ${description}` : url}>
        <bdi className="font-medium">{url}</bdi>
        {description && <bdi className="ml-2.5 text-ink-muted text-sm">{description}</bdi>}
      </span>
    ),
  },
  {
    key: "events",
    header: "Events",
    width: "w-72",
    cell: ({ events }) => (
      <span title={events.join(", ")} className={cn(events.includes("*") || "font-mono text-xs")}>
        {wordsOfEvents(events)}
      </span>
    ),
  },
  { key: "status", header: "Status", width: "w-28", cell: (endpoint) => <EndpointStatus {...endpoint} /> },
  { key: "rate", header: "Success, 24 h", width: "w-40", cell: ({ day }) => <SuccessRate counts={day} /> },
  {
    key: "failing",
    header: "Failing since",
    width: "w-28",
    cell: ({ failingSince }) =>
      failingSince ? (
        <RelativeTime at={failingSince} className="text-bad" />
      ) : (
        <span className="text-ink-muted">—</span>
      ),
  },
];

function EndpointCard(endpoint: ListedEndpoint) {
  const { url, events, failingSince, day } = endpoint;
  return (
    <div className="space-y-1.5">
      <bdi className="wrap-anywhere line-clamp-2 font-medium">{url}</bdi>
      <div className="flex items-center justify-between gap-3">
        <EndpointStatus {...endpoint} />
        <SuccessRate counts={day} />
      </div>
      <p className="wrap-anywhere text-ink-muted text-xs">
        {wordsOfEvents(events)}
        {failingSince && (
          <>
            {" · failing since "}
            <RelativeTime at={failingSince} />
          </>
        )}
      </p>
    </div>
  );
}
