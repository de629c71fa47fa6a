import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

/** Details that most readers skip: shut at first, opened with a click. */
export interface FoldProps {
  title: ReactNode;
  open?: boolean | undefined;
  className?: string | undefined;
  children: ReactNode;
}

export function Fold({ title, open, className, children }: FoldProps) {
  return (
    <details open={open} className={cn("group/fold", className)}>
      <summary className="flex w-fit cursor-pointer list-none items-center gap-1 rounded-sm font-medium text-ink-muted text-sm hover:text-ink">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open/fold:rotate-90" />
        {title}
      </summary>
      <div className="mt-2">{children}</div>
    </details>
  );
}
