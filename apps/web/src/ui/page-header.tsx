import type { ReactNode } from "react";

/** The head of every page: what it is, and what can be done here. */
export interface PageHeaderProps {
  title: ReactNode;
  /** The question the page answers, in a sentence. */
  description?: ReactNode;
  /** Above the title: the way back, to the list the thing is from. */
  back?: ReactNode;
  /** Beside the title: a `Status`, a `Badge`, an `IdChip`. */
  aside?: ReactNode;
  /** Buttons, the primary one last. */
  actions?: ReactNode;
}

export function PageHeader({ title, description, back, aside, actions }: PageHeaderProps) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 pb-5">
      <div className="min-w-0 max-w-full">
        {back && <div className="mb-1 text-ink-muted text-sm">{back}</div>}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="wrap-anywhere font-semibold text-xl tracking-tight">{title}</h1>
          {aside}
        </div>
        {description && <p className="mt-1 max-w-prose text-pretty text-ink-muted">{description}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
