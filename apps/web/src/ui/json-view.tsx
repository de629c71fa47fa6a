import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { CopyButton } from "./copy-button";

/** Any JSON, folded by its objects and lists; texts are shown as they are, never run. */
export interface JsonViewProps {
  /** What it is: `Request body`. */
  label: string;
  value: unknown;
  /** Levels open at first. */
  openLevels?: number | undefined;
}

export function JsonView({ label, value, openLevels = 2 }: JsonViewProps) {
  return (
    <figure className="overflow-hidden rounded-lg border border-line bg-surface">
      <figcaption className="flex h-10 items-center justify-between border-line border-b pr-1.5 pl-4 text-ink-muted text-xs">
        {label}
        <CopyButton text={JSON.stringify(value, null, 2) ?? ""} label={`Copy: ${label}`} />
      </figcaption>
      <div className="wrap-anywhere max-h-120 overflow-y-auto py-2 pr-4 pl-6 font-mono text-sm leading-6">
        <Node value={value} open={openLevels} />
      </div>
    </figure>
  );
}

/** Entries of one level shown at most: a list of a hundred thousand must not stop the page. */
const shownAtMost = 200;

function Node({ name, value, open }: { name?: string | undefined; value: unknown; open: number }) {
  const key = name === undefined ? null : <span className="text-ink-muted">{name}: </span>;
  if (typeof value !== "object" || value === null) {
    return (
      <div>
        {key}
        <Scalar value={value} />
      </div>
    );
  }
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  const [left, right] = list ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) {
    return (
      <div>
        {key}
        {left}
        {right}
      </div>
    );
  }
  return (
    <details open={open > 0} className="group/node">
      <summary className="-ml-4 flex cursor-pointer list-none items-start gap-1 rounded-sm hover:bg-sunken">
        <ChevronRight
          aria-hidden
          className="mt-1.5 size-3 shrink-0 text-ink-muted [details[open]>summary>&]:rotate-90"
        />
        <span>
          {key}
          {left}
          <span className="text-ink-muted text-xs [details[open]>summary_&]:hidden">
            {` ${entries.length} ${list ? "items" : "keys"} ${right}`}
          </span>
        </span>
      </summary>
      <div className="border-line border-l pl-5">
        {entries.slice(0, shownAtMost).map(([childName, child]) => (
          <Node key={childName} name={list ? undefined : childName} value={child} open={open - 1} />
        ))}
        {entries.length > shownAtMost && (
          <div className="text-ink-muted text-xs">and {entries.length - shownAtMost} more; copy to see all</div>
        )}
      </div>
      <div>{right}</div>
    </details>
  );
}

function Scalar({ value }: { value: unknown }): ReactNode {
  if (typeof value === "string") return <span className="whitespace-pre-wrap text-good">{JSON.stringify(value)}</span>;
  if (typeof value === "number" || typeof value === "bigint")
    return <span className="text-accent-ink">{String(value)}</span>;
  return <span className="text-warn">{String(value)}</span>;
}
