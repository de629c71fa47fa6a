import type { ReactNode } from "react";
import { cn } from "./cn";

/** What narrows the list below: a `SearchInput`, `FilterMenu`s, a `DateRangeFilter`; at the end what acts on the list. */
export interface FilterBarProps {
  /** Buttons on the right: pause, export. */
  actions?: ReactNode;
  className?: string | undefined;
  children: ReactNode;
}

export function FilterBar({ actions, className, children }: FilterBarProps) {
  return (
    <div className={cn("flex flex-wrap items-center gap-2 pb-3", className)}>
      {children}
      {actions && <div className="ml-auto flex items-center gap-2">{actions}</div>}
    </div>
  );
}
