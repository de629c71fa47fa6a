import { ArrowDown, ArrowRight, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

/** One number with its name, and how it has changed. A row of them is a `StatRow`. */
export interface StatProps {
  label: ReactNode;
  /** Formatted: `formatCount`, `formatShare`, `formatDuration`. Undefined: not known yet. */
  value: ReactNode;
  /** Against the time before; `better` says which way is good. */
  change?: { by: number; text: string; better: "up" | "down" | "neither" } | undefined;
  /** Under it, in small: `of 10,000`. */
  note?: ReactNode;
}

export function Stat({ label, value, change, note }: StatProps) {
  return (
    <div className="min-w-0 bg-surface px-4 py-3">
      <dt className="truncate text-ink-muted text-sm">{label}</dt>
      <dd className="mt-1 flex flex-wrap items-baseline gap-x-2">
        <span className="font-semibold text-xl tracking-tight">{value ?? "—"}</span>
        {change && <Change {...change} />}
      </dd>
      {note && <dd className="text-ink-muted text-xs">{note}</dd>}
    </div>
  );
}

function Change({ by, text, better }: NonNullable<StatProps["change"]>) {
  const Icon = by > 0 ? ArrowUp : by < 0 ? ArrowDown : ArrowRight;
  const judged = by !== 0 && better !== "neither";
  const good = by > 0 === (better === "up");
  return (
    <span
      className={cn(
        "inline-flex items-center gap-0.5 font-medium text-xs",
        judged ? (good ? "text-good" : "text-bad") : "text-ink-muted",
      )}
    >
      <Icon aria-hidden className="size-3" />
      <span className="sr-only">{by > 0 ? "up by" : by < 0 ? "down by" : "unchanged"} </span>
      {text}
    </span>
  );
}

/** Up to five `Stat`s beside each other; two in a row on a phone, where an odd last one takes the whole row. */
export function StatRow({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <dl
      className={cn(
        "grid auto-cols-fr grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-flow-col sm:grid-cols-none max-sm:[&>:last-child:nth-child(odd)]:col-span-2",
        className,
      )}
    >
      {children}
    </dl>
  );
}
