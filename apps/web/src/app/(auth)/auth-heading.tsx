import type { ReactNode } from "react";

/** The head of a page at the door. */
export function AuthHeading({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <header className="mb-6 space-y-1">
      <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
      {children && <p className="text-pretty text-ink-muted">{children}</p>}
    </header>
  );
}
