import type { ReactNode } from "react";
import { cn } from "./cn";
import { CodeBlock } from "./code-block";

/** Nothing is here yet: what this is for, and the one next step. A filter that finds nothing is one, too. */
export interface EmptyStateProps {
  /** A lucide icon. */
  icon: ReactNode;
  title: ReactNode;
  /** What this place is for, in a sentence. */
  children?: ReactNode;
  /** The one next step, a button. */
  action?: ReactNode;
  /** A command to paste that brings the first one. */
  command?: { label: string; code: string } | undefined;
  className?: string | undefined;
}

export function EmptyState({ icon, title, children, action, command, className }: EmptyStateProps) {
  return (
    <div className={cn("mx-auto flex w-full max-w-xl flex-col items-center gap-4 px-4 py-12 text-center", className)}>
      <span
        aria-hidden
        className="flex size-10 items-center justify-center rounded-lg border border-line-strong text-ink-muted [&_svg]:size-5"
      >
        {icon}
      </span>
      <div>
        <p className="font-medium text-lg">{title}</p>
        {children && <div className="mt-1 text-pretty text-ink-muted">{children}</div>}
      </div>
      {action}
      {command && <CodeBlock {...command} className="w-full text-left" />}
    </div>
  );
}
