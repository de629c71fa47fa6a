import { ChevronLeft } from "lucide-react";
import type { ReactNode } from "react";

/** The head of every page: what it is, and what can be done here. */
export interface PageHeaderProps {
  title: ReactNode;
  /** The question the page answers, in a sentence. */
  description?: ReactNode;
  /** Above the title: the way back, a `TextLink` to the list the thing is from. */
  back?: ReactNode;
  /** Beside the title: a `Status`, a `Badge`, an `IdChip`. */
  aside?: ReactNode;
  /** Buttons, the primary one last. */
  actions?: ReactNode;
}

export function PageHeader({ title, description, back, aside, actions }: PageHeaderProps) {
  return (
    <header className="pb-5">
      {back && (
        <div className="mb-1 flex items-center gap-0.5 text-ink-muted text-sm [&_a:hover]:text-ink [&_a]:text-ink-muted [&_a]:no-underline">
          <ChevronLeft aria-hidden className="-ml-1 size-4" />
          {back}
        </div>
      )}
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-3 gap-y-2">
        <div className="flex min-w-0 max-w-full flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="wrap-anywhere font-semibold text-xl tracking-tight">{title}</h1>
          {aside}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {description && <div className="mt-1 max-w-prose text-pretty text-ink-muted">{description}</div>}
    </header>
  );
}
