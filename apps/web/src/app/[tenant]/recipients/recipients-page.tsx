"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus, Users } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useTenant } from "../../../shell/tenant-context";
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
import { Tabs } from "../../../ui/tabs";
import { RelativeTime } from "../../../ui/time";
import { Erasures } from "./erasures";
import { RecipientEditor } from "./recipient-editor";
import { recipientFilters } from "./recipient-filters";
import { type Recipient, recipientPath } from "./recipient-words";

/** The people a tenant has stored; beside them, for those who may, whom it has erased. */
export function RecipientsPage() {
  const tenant = useTenant();
  const [{ view }, setFilters] = useQueryStates(recipientFilters);
  const add = tenant.can("recipients.write") && <AddRecipient />;
  return (
    <>
      <PageHeader
        title="Recipients"
        description="People you notify, known by your own id. Both modes share them."
        actions={add}
      />
      {tenant.can("recipients.erase") ? (
        <Tabs
          label="Recipients"
          value={view}
          onValueChange={(next) => void setFilters({ view: next === "erasures" ? "erasures" : null })}
          tabs={[
            { value: "recipients", label: "Recipients", panel: <RecipientList /> },
            { value: "erasures", label: "Erasures", panel: <Erasures /> },
          ]}
        />
      ) : (
        <RecipientList />
      )}
    </>
  );
}

function AddRecipient() {
  return (
    <RecipientEditor
      trigger={
        <Button variant="primary">
          <Plus aria-hidden />
          Add recipient
        </Button>
      }
    />
  );
}

function RecipientList() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const [{ q }, setFilters] = useQueryStates(recipientFilters);
  const asked = { ...tenant.input, ...(q && { q }) };
  const list = useInfiniteQuery(trpc.recipients.list.infiniteQueryOptions(asked, nextPage));

  return (
    <>
      <FilterBar>
        <SearchInput
          label="Find recipients"
          placeholder="Beginning of an id, or an address"
          value={q}
          onValueChange={(text) => void setFilters({ q: text.trim() })}
        />
      </FilterBar>
      {list.isError && !list.data ? (
        <ErrorState title="The recipients could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="Recipients"
          columns={columns}
          rows={list.data?.pages.flatMap((page) => page.data)}
          rowId={({ id }) => id}
          rowLabel={({ id }) => `Recipient ${id}`}
          href={({ id }) => tenant.href(recipientPath(id))}
          renderCard={(recipient) => <RecipientCard {...recipient} />}
          empty={
            q ? (
              <EmptyState icon={<Users />} title="Nobody is known by that">
                Search finds how an id begins, and whole addresses: an email address, a phone number, a device token.
              </EmptyState>
            ) : (
              <EmptyState
                icon={<Users />}
                title="No recipients yet"
                action={tenant.can("recipients.write") && <AddRecipient />}
                command={{ label: "Or store one from your backend", code: curlOf(tenant) }}
              >
                Store the people you notify once, and send to them by your own id: Tidings knows their addresses,
                language and time zone then.
              </EmptyState>
            )
          }
          more={moreOf(list)}
        />
      )}
    </>
  );
}

function curlOf({ apiUrl, mode }: { apiUrl: string; mode: string }): string {
  return `curl -X PUT ${apiUrl}/v1/recipients/usr_42 \\
  -H 'content-type: application/json' \\
  -H 'x-api-key: tdg_${mode}_…' \\
  -d '{ "email": "ann@example.com", "locale": "pt-BR", "timeZone": "Europe/Lisbon" }'`;
}

const orDash = (text: string | null | undefined) =>
  text ? <bdi title={text}>{text}</bdi> : <span className="text-ink-muted">—</span>;

const columns: readonly DataColumn<Recipient>[] = [
  {
    key: "id",
    header: "Id",
    cell: ({ id }) => (
      <bdi title={id} className="font-medium">
        {id}
      </bdi>
    ),
  },
  { key: "email", header: "Email", cell: ({ addresses }) => orDash(addresses.email) },
  { key: "phone", header: "Phone", width: "w-40", cell: ({ addresses }) => orDash(addresses.phone) },
  { key: "locale", header: "Locale", width: "w-24", cell: ({ locale }) => orDash(locale) },
  { key: "devices", header: "Devices", width: "w-20", align: "end", cell: ({ devices }) => devices.length },
  {
    key: "updated",
    header: "Changed",
    width: "w-28",
    align: "end",
    cell: ({ updatedAt }) => <RelativeTime at={updatedAt} className="text-ink-muted" />,
  },
];

function RecipientCard({ id, addresses, devices, updatedAt }: Recipient) {
  const reached = [
    addresses.phone,
    devices.length > 0 && `${devices.length} ${devices.length === 1 ? "device" : "devices"}`,
  ];
  return (
    <div className="space-y-1 text-sm">
      <div className="flex items-baseline justify-between gap-3">
        <bdi className="wrap-anywhere line-clamp-2 font-medium text-base">{id}</bdi>
        <RelativeTime at={updatedAt} className="shrink-0 text-ink-muted text-xs" />
      </div>
      <p className="truncate text-ink-muted">{addresses.email ? <bdi>{addresses.email}</bdi> : "No email address"}</p>
      <p className="truncate text-ink-muted">
        <bdi>{reached.filter(Boolean).join(" · ")}</bdi>
      </p>
    </div>
  );
}
