"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus, Tags } from "lucide-react";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { nextPage } from "../../../../trpc/next-page";
import { Badge } from "../../../../ui/badge";
import { Button } from "../../../../ui/button";
import { type DataColumn, DataTable } from "../../../../ui/data-table";
import { EmptyState } from "../../../../ui/empty-state";
import { ErrorState } from "../../../../ui/error-state";
import { moreOf } from "../../../../ui/load-more";
import { Section } from "../../../../ui/section";
import { RelativeTime } from "../../../../ui/time";
import type { Category } from "./category";
import { DeleteCategory } from "./delete-category";
import { PutCategory } from "./put-category";

/** The categories that more is known of than their key. */
export function CategorySettings() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const list = useInfiniteQuery(trpc.categories.list.infiniteQueryOptions({ ...tenant.input, limit: 100 }, nextPage));
  const mayWrite = tenant.can("settings.write");
  const add = mayWrite && (
    <PutCategory
      trigger={
        <Button variant="primary">
          <Plus aria-hidden />
          Add category
        </Button>
      }
    />
  );
  if (list.isError && !list.data)
    return (
      <ErrorState title="The categories could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
    );

  return (
    <Section
      title="Categories"
      description="What messages are about. People unsubscribe from one optional category at a time; transactional ones, such as receipts, reach them all the same."
      actions={add}
    >
      <DataTable
        label="Categories"
        columns={mayWrite ? columnsOfWriters : columns}
        rows={list.data?.pages.flatMap((page) => page.data)}
        rowId={({ key }) => key}
        renderCard={(category) => <CategoryCard category={category} mayWrite={mayWrite} />}
        empty={
          <EmptyState icon={<Tags />} title="No categories yet" action={add}>
            A message may be of a category that is not listed here: people may unsubscribe from it, and it is called by
            its key. Add it to give it a name, or to make it transactional.
          </EmptyState>
        }
        more={moreOf(list)}
      />
    </Section>
  );
}

const kind = ({ transactional }: Category) =>
  transactional ? <Badge tone="accent">Transactional</Badge> : <Badge>Optional</Badge>;

const columns: readonly DataColumn<Category>[] = [
  { key: "name", header: "Name", cell: ({ name }) => <span className="font-medium">{name}</span> },
  { key: "key", header: "Key", cell: ({ key }) => <code className="font-mono text-xs">{key}</code> },
  { key: "kind", header: "Kind", width: "w-48", cell: kind },
  {
    key: "created",
    header: "Added",
    width: "w-28",
    cell: ({ createdAt }) => <RelativeTime at={createdAt} className="text-ink-muted" />,
  },
];

const columnsOfWriters: readonly DataColumn<Category>[] = [
  ...columns,
  {
    key: "actions",
    header: <span className="sr-only">Actions</span>,
    width: "w-40",
    align: "end",
    cell: (category) => <Actions category={category} />,
  },
];

function Actions({ category }: { category: Category }) {
  return (
    <span className="relative z-10 flex justify-end gap-1">
      <PutCategory
        category={category}
        trigger={
          <Button size="sm" variant="ghost" aria-label={`Change ${category.name}`}>
            Change
          </Button>
        }
      />
      <DeleteCategory category={category} />
    </span>
  );
}

function CategoryCard({ category, mayWrite }: { category: Category; mayWrite: boolean }) {
  return (
    <div className="flex items-center justify-between gap-3">
      <div className="min-w-0 space-y-1">
        <p className="wrap-anywhere font-medium">{category.name}</p>
        <p className="flex flex-wrap items-center gap-2">
          <code className="wrap-anywhere font-mono text-ink-muted text-xs">{category.key}</code>
          {kind(category)}
        </p>
      </div>
      {mayWrite && <Actions category={category} />}
    </div>
  );
}
