"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Download, Eraser } from "lucide-react";
import { useState } from "react";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { nextPage } from "../../../trpc/next-page";
import { Button, buttonStyles } from "../../../ui/button";
import { type DataColumn, DataTable } from "../../../ui/data-table";
import { Dialog } from "../../../ui/dialog";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorState } from "../../../ui/error-state";
import { Field } from "../../../ui/field";
import { FilterBar } from "../../../ui/filter-bar";
import { formatCount } from "../../../ui/format-number";
import { IdChip } from "../../../ui/id-chip";
import { Input } from "../../../ui/input";
import { moreOf } from "../../../ui/load-more";
import { Select } from "../../../ui/select";
import { ExactTime, RelativeTime } from "../../../ui/time";
import { ErasePerson } from "./erase-person";
import { ErasedCounts } from "./erased-counts";
import { addressKinds, type Erasure } from "./recipient-words";

/** Past erasures, and the way to erase or export somebody who is known by an address alone. */
export function Erasures() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const list = useInfiniteQuery(trpc.recipients.erasures.infiniteQueryOptions(tenant.input, nextPage));
  const [shown, setShown] = useState<Erasure | null>(null);

  return (
    <div className="space-y-6">
      <PersonByName />
      {list.isError && !list.data ? (
        <ErrorState title="The erasures could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="Erasures"
          columns={columns}
          rows={list.data?.pages.flatMap((page) => page.data)}
          rowId={({ id }) => id}
          rowLabel={({ id }) => `Erasure ${id}`}
          onOpen={setShown}
          renderCard={({ createdAt, requestedBy, erased }) => (
            <div className="space-y-1">
              <RelativeTime at={createdAt} className="font-medium" />
              <p className="wrap-anywhere text-ink-muted text-sm">
                by <bdi>{requestedBy}</bdi> · {formatCount(erased.notifications)} messages
              </p>
            </div>
          )}
          empty={
            <EmptyState icon={<Eraser />} title="Nobody was erased yet">
              When a person asks for it, everything personal of them is removed here. Who asked, when and how much stays
              on record; of whom does not.
            </EmptyState>
          }
          more={moreOf(list)}
        />
      )}
      <Dialog
        title="What was erased"
        description={shown && <ExactTime at={shown.createdAt} />}
        open={shown !== null}
        onOpenChange={(open) => !open && setShown(null)}
      >
        {shown && <ErasedCounts erased={shown.erased} />}
      </Dialog>
    </div>
  );
}

const columns: readonly DataColumn<Erasure>[] = [
  { key: "at", header: "When", width: "w-32", cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  { key: "by", header: "Asked for by", cell: ({ requestedBy }) => <bdi title={requestedBy}>{requestedBy}</bdi> },
  { key: "id", header: "Id", width: "w-40", cell: ({ id }) => <IdChip id={id} length={14} /> },
  ...(["recipients", "notifications", "deliveries"] as const).map((kind) => ({
    key: kind,
    header: { recipients: "Recipients", notifications: "Messages", deliveries: "Deliveries" }[kind],
    width: "w-28",
    align: "end" as const,
    cell: ({ erased }: Erasure) => formatCount(erased[kind]),
  })),
];

const kinds = [
  { value: "id", label: "Recipient id" },
  ...addressKinds.map(({ field, label }) => ({ value: field, label })),
  { value: "deviceToken", label: "Device token" },
];

/** Somebody who need not be stored: known by an id, or by an address that messages went to. */
function PersonByName() {
  const tenant = useTenant();
  const [kind, setKind] = useState("email");
  const [name, setName] = useState("");
  const [open, setOpen] = useState(false);
  const person = { [kind]: name.trim() };
  const isNamed = name.trim() !== "";
  return (
    <div className="space-y-1">
      <FilterBar className="items-end pb-0">
        <Field label="Known by" className="w-40">
          <Select options={kinds} value={kind} onValueChange={setKind} />
        </Field>
        <Field label="Which" className="w-full sm:w-72">
          <Input
            value={name}
            onChange={(event) => setName(event.target.value)}
            placeholder="ann@example.com"
            autoComplete="off"
            spellCheck={false}
            dir="auto"
          />
        </Field>
        {isNamed ? (
          <a href={`${tenant.href("people/export")}?${new URLSearchParams(person)}`} className={buttonStyles()}>
            <Download aria-hidden />
            Export
          </a>
        ) : (
          <Button disabled>
            <Download aria-hidden />
            Export
          </Button>
        )}
        <Button disabled={!isNamed} onClick={() => setOpen(true)}>
          <Eraser aria-hidden />
          Erase…
        </Button>
      </FilterBar>
      <p className="text-ink-muted text-xs">For people who are not stored as recipients, too.</p>
      <ErasePerson person={person} open={open} onOpenChange={setOpen} onErased={() => setName("")} />
    </div>
  );
}
