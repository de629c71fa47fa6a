import type { ReactNode } from "react";
import { cn } from "./cn";

/** The facts of one thing: a name and a value per line. */
export interface KeyValueProps {
  items: readonly { label: ReactNode; value: ReactNode }[];
  className?: string | undefined;
}

export function KeyValue({ items, className }: KeyValueProps) {
  return (
    <dl className={cn("divide-y divide-line text-sm", className)}>
      {items.map(({ label, value }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is fixed and labels need not be texts
        <div key={index} className="flex min-h-9 items-baseline gap-4 py-2">
          <dt className="w-1/3 max-w-44 shrink-0 sm:w-2/5 text-ink-muted">{label}</dt>
          <dd className="wrap-anywhere min-w-0 flex-1">{value ?? <span className="text-ink-muted">—</span>}</dd>
        </div>
      ))}
    </dl>
  );
}
