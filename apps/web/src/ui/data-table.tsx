"use client";

import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_basic,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { cn } from "./cn";
import { LoadMore, type MoreRows } from "./load-more";
import { RowOpener } from "./row-opener";
import { Skeleton } from "./skeleton";
import { useHotkey } from "./use-hotkey";
import { useMedia } from "./use-media";

/** One column. Keep a table's columns in a constant: they must not change between renders. */
export interface DataColumn<Row> {
  key: string;
  header: ReactNode;
  /** One line high; what is too long is cut off. */
  cell: (row: Row) => ReactNode;
  /** A Tailwind width, `w-32`; columns without one share what is left. */
  width?: string | undefined;
  /** Numbers stand at the end. */
  align?: "start" | "end" | undefined;
  /** Makes the column sortable, in the browser: only for lists that are there as a whole. */
  sortBy?: ((row: Row) => string | number | Date | undefined) | undefined;
}

/** A list of things with the same facts. On a phone it is a list of cards. */
export interface DataTableProps<Row> {
  /** What is listed, for screen readers: `Messages`. */
  label: string;
  columns: readonly DataColumn<Row>[];
  /** Undefined while the first answer is awaited: a skeleton is shown. */
  rows: readonly Row[] | undefined;
  rowId: (row: Row) => string;
  /** What a row's link is called: `Message to ann@example.com`. Needed with `href` or `onOpen`. */
  rowLabel?: ((row: Row) => string) | undefined;
  /** Where a row leads. */
  href?: ((row: Row) => string) | undefined;
  /** Opens a row here, say in a `Sheet`; with `href` as well, a click with ⌘ still opens a tab. */
  onOpen?: ((row: Row) => void) | undefined;
  /** The id of the row that is open beside the list. */
  selectedId?: string | null | undefined;
  /** A row as a card, for screens under 640 px. */
  renderCard: (row: Row) => ReactNode;
  /** Shown when there are no rows: an `EmptyState`. */
  empty: ReactNode;
  /** There is more to load: at the list's end that happens by itself. */
  more?: MoreRows | undefined;
  /** Where the table scrolls: by default in itself when it would be higher than the screen. */
  className?: string | undefined;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const none: readonly never[] = [];
const rowHeightPx = 40;
/** From here on only the rows in sight are in the page. */
const virtualFrom = 100;

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const narrow = useMedia("(width < 40rem)");
  const empty = props.rows?.length === 0;
  if (empty) return <div className="rounded-lg border border-line bg-surface">{props.empty}</div>;
  return (
    <>
      {narrow !== true && <Wide {...props} />}
      {narrow !== false && <Cards {...props} />}
    </>
  );
}

function Wide<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowId, rowLabel, href, onOpen, selectedId, more, className } = props;
  const opens = Boolean(href ?? onOpen);
  const definitions = useMemo(() => columns.map(definitionOf), [columns]);
  const table = useTable({
    features,
    columns: definitions,
    data: rows ?? none,
    getRowId: rowId,
  });
  const shown = table.getRowModel().rows;

  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: shown.length,
    enabled: shown.length >= virtualFrom,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    overscan: 12,
    scrollPaddingStart: rowHeightPx,
  });
  const slots = shown.length >= virtualFrom ? virtual.getVirtualItems() : null;
  const inSight = slots ? slots.map(({ index }) => index) : shown.map((_, index) => index);
  const aboveRows = slots?.[0]?.index ?? 0;
  const belowRows = slots ? shown.length - 1 - (slots.at(-1)?.index ?? -1) : 0;

  const [cursor, setCursor] = useState(-1);
  const [wanted, setWanted] = useState<number | null>(null);
  const selected = selectedId ? shown.findIndex((row) => row.id === selectedId) : -1;
  const tabStop = cursor >= 0 && cursor < shown.length ? cursor : Math.max(selected, 0);

  function moveTo(index: number) {
    const next = Math.min(Math.max(index, 0), shown.length - 1);
    setCursor(next);
    if (slots) virtual.scrollToIndex(next, { align: "auto" });
    setWanted(next);
  }
  useEffect(() => {
    if (wanted === null) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${wanted}"] [data-opener]`);
    if (!row) return; // scrolled to, drawn with the next render
    row.focus({ preventScroll: slots !== null });
    if (!slots) row.scrollIntoView({ block: "nearest" });
    setWanted(null);
  });

  function moveByKey(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const end = { Home: 0, End: shown.length - 1 }[event.key];
    if ((step === undefined && end === undefined) || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    moveTo(end ?? tabStop + (step ?? 0));
  }
  useHotkey("j", () => moveTo(cursor < 0 && selected < 0 ? 0 : tabStop + 1), opens);
  useHotkey("k", () => moveTo(tabStop - 1), opens);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move among the links of the rows
    <div
      ref={scroller}
      onKeyDown={opens ? moveByKey : undefined}
      className={cn(
        "max-h-[max(20rem,calc(100dvh-15rem))] overflow-auto rounded-lg border border-line bg-surface max-sm:hidden",
        className,
      )}
    >
      <table
        aria-label={label}
        aria-busy={!rows}
        aria-rowcount={rows ? rows.length + 1 : -1}
        className="w-full min-w-160 table-fixed"
      >
        <thead className="sticky top-0 z-20 bg-surface shadow-[inset_0_-1px_var(--color-line)]">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header, index) => {
                const column = columns[index];
                const sorted = header.column.getIsSorted();
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={sorted ? (sorted === "asc" ? "ascending" : "descending") : undefined}
                    className={cn(
                      "h-9 truncate px-3 text-left font-medium text-ink-muted text-xs first:pl-4 last:pr-4",
                      column?.width,
                      column?.align === "end" && "text-right",
                    )}
                  >
                    {column?.sortBy ? (
                      <button
                        type="button"
                        onClick={header.column.getToggleSortingHandler()}
                        className="inline-flex cursor-pointer items-center gap-1 rounded-sm hover:text-ink"
                      >
                        {column.header}
                        {sorted === "asc" && <ArrowUp aria-hidden className="size-3" />}
                        {sorted === "desc" && <ArrowDown aria-hidden className="size-3" />}
                      </button>
                    ) : (
                      column?.header
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {!rows && <SkeletonBody columns={columns} />}
          <Gap rows={aboveRows} columns={columns.length} />
          {inSight.map((index) => {
            const row = shown[index];
            if (!row) return null;
            return (
              <tr
                key={row.id}
                data-row={index}
                aria-rowindex={index + 2}
                className={cn(
                  "relative h-10 border-line border-b last:border-b-0",
                  opens && "hover:bg-sunken/60",
                  index === selected && "bg-sunken",
                )}
              >
                {row.getAllCells().map((cell, place) => {
                  const column = columns[place];
                  return (
                    <td
                      key={cell.id}
                      className={cn("truncate px-3 first:pl-4 last:pr-4", column?.align === "end" && "text-right")}
                    >
                      {place === 0 && opens && (
                        <RowOpener
                          label={rowLabel?.(row.original) ?? row.id}
                          href={href?.(row.original)}
                          onOpen={onOpen && (() => onOpen(row.original))}
                          current={index === selected}
                          tabIndex={index === tabStop ? 0 : -1}
                          onFocus={() => setCursor(index)}
                        />
                      )}
                      {column?.cell(row.original)}
                    </td>
                  );
                })}
              </tr>
            );
          })}
          <Gap rows={belowRows} columns={columns.length} />
        </tbody>
      </table>
      {more && <LoadMore {...more} />}
    </div>
  );
}

function definitionOf<Row extends object>(column: DataColumn<Row>): ColumnDef<typeof features, Row> {
  return {
    id: column.key,
    accessorFn: (row: Row) => column.sortBy?.(row),
    enableSorting: column.sortBy !== undefined,
    sortFn: sortFn_basic,
    sortUndefined: "last",
  };
}

/** The height of rows that are out of sight. */
function Gap({ rows, columns }: { rows: number; columns: number }) {
  if (rows <= 0) return null;
  return (
    <tr aria-hidden>
      <td colSpan={columns} style={{ height: rows * rowHeightPx }} />
    </tr>
  );
}

function SkeletonBody<Row>({ columns }: { columns: readonly DataColumn<Row>[] }) {
  return Array.from({ length: 8 }, (_, row) => row).map((row) => (
    <tr key={row} className="h-10 border-line border-b last:border-b-0">
      {columns.map((column, place) => (
        <td key={column.key} className="px-3 first:pl-4 last:pr-4">
          <Skeleton className={cn("h-3", (row + place) % 2 ? "w-1/2" : "w-2/3", column.align === "end" && "ml-auto")} />
        </td>
      ))}
    </tr>
  ));
}

function Cards<Row extends object>(props: DataTableProps<Row>) {
  const { label, rows, rowId, rowLabel, href, onOpen, selectedId, renderCard, more } = props;
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface sm:hidden">
      <ul aria-label={label} aria-busy={!rows} className="divide-y divide-line">
        {rows?.map((row) => {
          const id = rowId(row);
          return (
            <li
              key={id}
              className="relative px-4 py-3 [contain-intrinsic-size:auto_4.5rem] [content-visibility:auto] hover:bg-sunken/60"
            >
              {(href ?? onOpen) && (
                <RowOpener
                  label={rowLabel?.(row) ?? id}
                  href={href?.(row)}
                  onOpen={onOpen && (() => onOpen(row))}
                  current={id === selectedId}
                />
              )}
              {renderCard(row)}
            </li>
          );
        }) ??
          Array.from({ length: 6 }, (_, row) => row).map((row) => (
            <li key={row} className="space-y-2 px-4 py-3">
              <Skeleton className="h-3 w-2/3" />
              <Skeleton className="h-3 w-1/3" />
            </li>
          ))}
      </ul>
      {more && <LoadMore {...more} />}
    </div>
  );
}
