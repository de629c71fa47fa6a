"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useTenant } from "../../../shell/tenant-context";
import type { Answers } from "../../../trpc/answers";
import { useTRPC } from "../../../trpc/client";
import { nextPage } from "../../../trpc/next-page";
import { Badge } from "../../../ui/badge";
import { type DataColumn, DataTable } from "../../../ui/data-table";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorState } from "../../../ui/error-state";
import { FilterBar } from "../../../ui/filter-bar";
import { IdChip } from "../../../ui/id-chip";
import { moreOf } from "../../../ui/load-more";
import { PageHeader } from "../../../ui/page-header";
import { Segmented } from "../../../ui/segmented";
import { Status } from "../../../ui/status";
import { RelativeTime } from "../../../ui/time";
import { CreateKey } from "./create-key";
import { keyFilters } from "./key-filters";
import { scopeWords } from "./key-words";
import { RevokeKey } from "./revoke-key";

type Key = Answers["keys"]["list"]["data"][number];

/** The keys of the mode that the header shows. */
export function KeyList() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const [{ ended }, setFilters] = useQueryStates(keyFilters);
  const list = useInfiniteQuery(trpc.keys.list.infiniteQueryOptions({ ...tenant.input, ended }, nextPage));
  const mayWrite = tenant.can("keys.write");

  return (
    <>
      <PageHeader
        title="API keys"
        description={
          tenant.mode === "test"
            ? "What may call the API in test mode: messages run the whole pipeline and end in the sandbox. Live keys are shown in live mode."
            : "What may call the API in live mode: messages reach people. Test keys are shown in test mode."
        }
        actions={mayWrite && <CreateKey />}
      />
      <FilterBar>
        <Segmented
          label="Which keys"
          options={[
            { value: "usable", label: "Active" },
            { value: "all", label: "All" },
          ]}
          value={ended ? "all" : "usable"}
          onValueChange={(value) => void setFilters({ ended: value === "all" })}
        />
      </FilterBar>
      {list.isError && !list.data ? (
        <ErrorState title="The keys could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="API keys"
          columns={mayWrite ? columnsOfWriters : columns}
          rows={list.data?.pages.flatMap((page) => page.data)}
          rowId={(key) => key.id}
          renderCard={(key) => <KeyCard apiKey={key} mayWrite={mayWrite} />}
          empty={
            <EmptyState
              icon={<KeyRound />}
              title={`No ${tenant.mode} keys${ended ? " yet" : " in use"}`}
              action={mayWrite && <CreateKey />}
            >
              A key lets your backend call the API. Make one for each service, with no more than it needs.
            </EmptyState>
          }
          more={moreOf(list)}
        />
      )}
    </>
  );
}

/** Whether it still works. */
function KeyStatus({ revokedAt, expiresAt }: Key) {
  if (revokedAt) return <Status value="revoked" />;
  return <Status value={expiresAt && new Date(expiresAt) <= new Date() ? "expired" : "active"} />;
}

const time = (at: string | null, otherwise: string) =>
  at ? <RelativeTime at={at} className="text-ink-muted" /> : <span className="text-ink-muted">{otherwise}</span>;

const columns: readonly DataColumn<Key>[] = [
  { key: "name", header: "Name", cell: (key) => <span className="font-medium">{key.name}</span> },
  {
    key: "prefix",
    header: "Key",
    width: "w-44",
    cell: (key) => <code className="font-mono text-ink-muted text-xs">{beginningOf(key)}</code>,
  },
  { key: "id", header: "Id", width: "w-36", cell: (key) => <IdChip id={key.id} length={13} /> },
  {
    key: "scopes",
    header: "Scopes",
    width: "w-44",
    cell: (key) => (
      <span className="flex gap-1">
        {key.scopes.map((scope) => (
          <span key={scope} title={scopeWords[scope]}>
            <Badge>{scope}</Badge>
          </span>
        ))}
      </span>
    ),
  },
  { key: "used", header: "Last used", width: "w-24", cell: (key) => time(key.lastUsedAt, "Never") },
  { key: "expires", header: "Expires", width: "w-24", cell: (key) => time(key.expiresAt, "Never") },
  { key: "created", header: "Created", width: "w-24", cell: (key) => time(key.createdAt, "") },
  { key: "status", header: "Status", width: "w-28", cell: (key) => <KeyStatus {...key} /> },
];

const columnsOfWriters: readonly DataColumn<Key>[] = [
  ...columns,
  {
    key: "revoke",
    header: <span className="sr-only">Actions</span>,
    width: "w-24",
    align: "end",
    cell: (key) => key.revokedAt === null && <RevokeKey id={key.id} name={key.name} prefix={key.prefix} />,
  },
];

/** `tdg_test_lQXD…`: enough to recognise it in a config. */
const beginningOf = ({ prefix }: Key) => `${prefix.slice(0, 15)}…`;

function KeyCard({ apiKey, mayWrite }: { apiKey: Key; mayWrite: boolean }) {
  return (
    <div className="space-y-1.5">
      <div className="flex items-start justify-between gap-3">
        <span className="wrap-anywhere min-w-0 font-medium">{apiKey.name}</span>
        <KeyStatus {...apiKey} />
      </div>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <code className="font-mono text-ink-muted text-xs">{beginningOf(apiKey)}</code>
        <span className="flex gap-1">
          {apiKey.scopes.map((scope) => (
            <Badge key={scope}>{scope}</Badge>
          ))}
        </span>
      </div>
      <div className="flex items-center justify-between gap-3">
        <p className="text-ink-muted text-xs">
          {apiKey.lastUsedAt ? "Last used " : "Never used"}
          {apiKey.lastUsedAt && <RelativeTime at={apiKey.lastUsedAt} />} ·{" "}
          {apiKey.expiresAt ? "expires " : "does not expire"}
          {apiKey.expiresAt && <RelativeTime at={apiKey.expiresAt} />}
        </p>
        {mayWrite && apiKey.revokedAt === null && (
          <RevokeKey id={apiKey.id} name={apiKey.name} prefix={apiKey.prefix} />
        )}
      </div>
    </div>
  );
}
