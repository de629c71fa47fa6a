"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { type NotificationStatus, notificationStatuses } from "@tidings/shared/lifecycles";
import { priorities } from "@tidings/shared/priorities";
import { Download, Pause, Play, Send } from "lucide-react";
import { useMemo, useState } from "react";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button, buttonStyles } from "../../../ui/button";
import { DataTable } from "../../../ui/data-table";
import { DateRangeFilter } from "../../../ui/date-range-filter";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorState } from "../../../ui/error-state";
import { FilterBar } from "../../../ui/filter-bar";
import { ClearFilter, FilterMenu } from "../../../ui/filter-menu";
import { moreOf } from "../../../ui/load-more";
import { PageHeader } from "../../../ui/page-header";
import { SearchFurther } from "../../../ui/search-further";
import { SearchInput } from "../../../ui/search-input";
import { Status, statusWord } from "../../../ui/status";
import { useHotkey } from "../../../ui/use-hotkey";
import { curlOf } from "../curl-of";
import { MessageCard } from "./message-card";
import { messageColumns, messageLabel } from "./message-columns";
import { filtersOf, useMessageFilters } from "./message-filters";
import { MessagePanel } from "./message-panel";
import { useLiveMessages } from "./use-live-messages";

const statusOptions = notificationStatuses.map((value) => ({ value, label: statusWord(value) }));
const channelOptions = Object.entries(channelNames).map(([value, label]) => ({ value, label }));
const priorityOptions = priorities.map((value) => ({ value, label: value[0]?.toUpperCase() + value.slice(1) }));

/** All messages of a tenant's mode, the newest first, as they come in. */
export function MessagesPage() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const [params, setParams] = useMessageFilters();
  const [isPaused, setIsPaused] = useState(false);
  useHotkey("p", () => setIsPaused((paused) => !paused));

  const filters = filtersOf(params);
  const { isLive, refetchInterval } = useLiveMessages(params, !isPaused);
  const list = useInfiniteQuery({
    ...trpc.messages.list.infiniteQueryOptions(
      { ...tenant.input, filters },
      { getNextPageParam: (page) => page.nextCursor },
    ),
    refetchInterval,
  });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.rows), [list.data]);
  const searchedTo = list.data?.pages.at(-1)?.searchedTo;
  const isFiltered = Object.keys(filters).length > 0;

  return (
    <>
      <PageHeader
        title="Messages"
        description="Every notification, and what became of it."
        aside={isLive && !isPaused && <Status tone="good">Live</Status>}
        actions={
          <>
            <Button onClick={() => setIsPaused(!isPaused)} aria-keyshortcuts="p">
              {isPaused ? <Play aria-hidden /> : <Pause aria-hidden />}
              <span className="max-sm:sr-only">{isPaused ? "Go on" : "Pause"}</span>
            </Button>
            <a
              href={`${tenant.href("messages/export")}?${new URLSearchParams({ mode: tenant.mode, ...stringsOf(filters) })}`}
              className={buttonStyles()}
            >
              <Download aria-hidden />
              <span className="max-sm:sr-only">Export CSV</span>
            </a>
          </>
        }
      />
      <FilterBar>
        <SearchInput
          label="Find messages"
          placeholder="Id, address, recipient, request id …"
          value={params.q}
          onValueChange={(q) => void setParams({ q })}
        />
        <FilterMenu
          label="Status"
          options={statusOptions}
          value={params.status as NotificationStatus[]}
          onValueChange={(status) => void setParams({ status })}
        />
        <FilterMenu
          label="Channel"
          single
          options={channelOptions}
          value={params.channel ? [params.channel] : []}
          onValueChange={([channel]) => void setParams({ channel: channel ?? null })}
        />
        <FilterMenu
          label="Priority"
          options={priorityOptions}
          value={params.priority as (typeof priorities)[number][]}
          onValueChange={(priority) => void setParams({ priority })}
        />
        <DateRangeFilter value={params.time} onValueChange={(time) => void setParams({ time })} />
        {(["template", "category", "recipient"] as const).map(
          (name) =>
            params[name] && (
              <span key={name} className="inline-flex">
                <span className={buttonStyles({ className: "rounded-r-none font-normal" })}>
                  <span className="text-ink-muted capitalize">{name}</span>
                  <span className="max-w-40 truncate font-medium">{params[name]}</span>
                </span>
                <ClearFilter label={name} onClear={() => void setParams({ [name]: null })} />
              </span>
            ),
        )}
      </FilterBar>
      {list.isError && !list.data ? (
        <ErrorState title="The messages could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="Messages"
          columns={messageColumns}
          rows={rows}
          rowId={(row) => row.id}
          rowLabel={messageLabel}
          href={(row) => tenant.href(`messages/${row.id}`)}
          onOpen={(row) => void setParams({ message: row.id })}
          selectedId={params.message}
          renderCard={(row) => <MessageCard message={row} />}
          empty={isFiltered ? <NothingFound searchedTo={searchedTo} /> : <NoMessages />}
          more={moreOf(list)}
        />
      )}
      <SearchFurther list={list} searchedTo={searchedTo} />
      <MessagePanel id={params.message} onClose={() => void setParams({ message: null })} />
    </>
  );
}

function NothingFound({ searchedTo }: { searchedTo: string | null | undefined }) {
  return (
    <EmptyState icon={<Send />} title="No message is like that">
      {searchedTo
        ? "None so far: the search has not come to the end."
        : "Search finds whole names: an id, an address, a recipient, a request id or an idempotency key. Filters narrow the list down."}
    </EmptyState>
  );
}

function NoMessages() {
  const { mode, apiUrl } = useTenant();
  return (
    <EmptyState
      icon={<Send />}
      title={mode === "test" ? "No test messages yet" : "No live messages yet"}
      command={{ label: "Send one", code: curlOf({ apiUrl, key: null, mode }) }}
    >
      {mode === "test"
        ? "Test messages run through the whole pipeline and end in the sandbox. Send one with a test key, and watch it here."
        : "Messages sent with a live key appear here the moment they are accepted."}
    </EmptyState>
  );
}

/** Filters as the address of the export takes them. */
function stringsOf(filters: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, String(value)]));
}
