import { ChevronLeft } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

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
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <div className="flex min-w-0 max-w-full flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="wrap-anywhere font-semibold text-xl tracking-tight">{title}</h1>
          {aside}
        </div>
        {actions && (
          // Of one thing there is more to tell and to do: on a phone its actions have a row of their own, at the end.
          <div className={cn("flex flex-wrap items-center gap-2", back && "max-sm:order-1 max-sm:mt-2 max-sm:w-full")}>
            {actions}
          </div>
        )}
        {description && (
          <div className="w-full text-pretty text-ink-muted">
            <div className="max-w-prose">{description}</div>
          </div>
        )}
      </div>
    </header>
  );
}
