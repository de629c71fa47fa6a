"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { FileText, SearchX } from "lucide-react";
import { useQueryStates } from "nuqs";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { nextPage } from "../../../trpc/next-page";
import { Badge } from "../../../ui/badge";
import { Button } from "../../../ui/button";
import { type DataColumn, DataTable } from "../../../ui/data-table";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorState } from "../../../ui/error-state";
import { FilterBar } from "../../../ui/filter-bar";
import { FilterMenu } from "../../../ui/filter-menu";
import { moreOf } from "../../../ui/load-more";
import { PageHeader } from "../../../ui/page-header";
import { SearchInput } from "../../../ui/search-input";
import { Status } from "../../../ui/status";
import { RelativeTime } from "../../../ui/time";
import { NewTemplate } from "./new-template";
import { templateFilters, templateListInput } from "./template-filters";
import { channelIds, type TemplateSummary } from "./template-words";

/** All templates of the tenant, newest first. */
export function TemplateList() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const [filters, setFilters] = useQueryStates(templateFilters);
  const input = { ...tenant.input, ...templateListInput(filters) };
  const list = useInfiniteQuery(trpc.templates.list.infiniteQueryOptions(input, nextPage));
  const categories = useQuery(trpc.templates.categories.queryOptions(tenant.input));
  const isFiltered = Boolean(filters.q || filters.category || filters.channel);
  const mayWrite = tenant.can("templates.write");

  return (
    <>
      <PageHeader
        title="Templates"
        description="What your messages say, in every channel and language. Live and test mode share them."
        actions={mayWrite && <NewTemplate />}
      />
      <FilterBar>
        <SearchInput
          label="Search templates"
          placeholder="Key or name"
          value={filters.q ?? ""}
          onValueChange={(q) => void setFilters({ q: q || null })}
        />
        <FilterMenu
          label="Channel"
          single
          options={channelIds.map((id) => ({ value: id, label: channelNames[id] ?? id }))}
          value={filters.channel ? [filters.channel] : []}
          onValueChange={([channel]) => void setFilters({ channel: channel ?? null })}
        />
        {(categories.data?.length ?? 0) > 0 && (
          <FilterMenu
            label="Category"
            single
            options={categories.data?.map((category) => ({ value: category, label: category })) ?? []}
            value={filters.category ? [filters.category] : []}
            onValueChange={([category]) => void setFilters({ category: category ?? null })}
          />
        )}
      </FilterBar>
      {list.isError && !list.data ? (
        <ErrorState title="The templates could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="Templates"
          columns={columns}
          rows={list.data?.pages.flatMap((page) => page.data)}
          rowId={(template) => template.key}
          rowLabel={(template) => `Template ${template.name}`}
          href={(template) => tenant.href(`templates/${template.key}`)}
          renderCard={(template) => <TemplateCard template={template} />}
          empty={
            isFiltered ? (
              <EmptyState
                icon={<SearchX />}
                title="No template matches"
                action={<Button onClick={() => void setFilters(null)}>Show all templates</Button>}
              >
                Nothing has these words, this channel and this category.
              </EmptyState>
            ) : (
              <EmptyState
                icon={<FileText />}
                title="No templates yet"
                action={mayWrite && <NewTemplate />}
                command={{ label: "Once one is published, send it by its key", code: sampleCall(tenant.apiUrl) }}
              >
                A template keeps the words out of your code: your backend sends a key and data, and whoever writes the
                words edits, previews and publishes them here.
              </EmptyState>
            )
          }
          more={moreOf(list)}
        />
      )}
    </>
  );
}

const sampleCall = (apiUrl: string) => `curl ${apiUrl}/v1/notifications \\
  -H 'content-type: application/json' \\
  -H "x-api-key: $TIDINGS_KEY" \\
  -d '{ "template": "order_shipped", "recipient": { "email": "ann@example.com" }, "data": { "orderId": "1042" } }'`;

function Published({ template: { publishedVersion, hasUnpublishedChanges } }: { template: TemplateSummary }) {
  if (publishedVersion === null) return <Status value="draft" />;
  return (
    <span className="flex items-center gap-2">
      <Status tone="good">Version {publishedVersion}</Status>
      {hasUnpublishedChanges && <Badge tone="warn">draft ahead</Badge>}
    </span>
  );
}

const channelsOf = ({ channels }: TemplateSummary) =>
  channelIds
    .filter((id) => channels.includes(id))
    .map((id) => channelNames[id])
    .join(", ");

const columns: readonly DataColumn<TemplateSummary>[] = [
  {
    key: "name",
    header: "Name",
    cell: ({ name }) => (
      <span title={name} className="font-medium">
        {name}
      </span>
    ),
  },
  {
    key: "key",
    header: "Key",
    width: "w-44",
    cell: ({ key }) => <code className="font-mono text-ink-muted text-xs">{key}</code>,
  },
  {
    key: "category",
    header: "Category",
    width: "w-32",
    cell: ({ category }) => <span className="text-ink-muted">{category ?? "—"}</span>,
  },
  {
    key: "channels",
    header: "Channels",
    width: "w-56",
    cell: (row) => (
      <span title={channelsOf(row)} className="text-ink-muted">
        {channelsOf(row)}
      </span>
    ),
  },
  { key: "published", header: "Published", width: "w-48", cell: (row) => <Published template={row} /> },
  {
    key: "changed",
    header: "Changed",
    width: "w-28",
    align: "end",
    cell: ({ updatedAt }) => <RelativeTime at={updatedAt} className="text-ink-muted" />,
  },
];

function TemplateCard({ template }: { template: TemplateSummary }) {
  return (
    <div className="space-y-1.5">
      <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
        <span className="wrap-anywhere min-w-0 font-medium">{template.name}</span>
        <Published template={template} />
      </div>
      <code className="wrap-anywhere block font-mono text-ink-muted text-xs">{template.key}</code>
      <div className="flex items-end justify-between gap-3">
        <span className="text-ink-muted text-sm">{channelsOf(template)}</span>
        <RelativeTime at={template.updatedAt} className="whitespace-nowrap text-ink-muted text-xs" />
      </div>
    </div>
  );
}
