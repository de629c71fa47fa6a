import { cn } from "./cn";
import { CopyButton } from "./copy-button";

/** Something to paste or to read verbatim, with a button that copies it. Several languages are a `CodeTabs`. */
export interface CodeBlockProps {
  /** What it is or where it goes; also names the button. */
  label: string;
  code: string;
  /** Breaks long lines instead of scrolling. */
  wrap?: boolean | undefined;
  className?: string | undefined;
}

export function CodeBlock({ label, code, wrap, className }: CodeBlockProps) {
  return (
    <figure className={cn("overflow-hidden rounded-lg border border-line bg-surface", className)}>
      <figcaption className="flex h-10 items-center justify-between gap-2 border-line border-b pr-1.5 pl-4 text-ink-muted text-xs">
        <span className="truncate">{label}</span>
        <CopyButton text={code} label={`Copy: ${label}`} />
      </figcaption>
      <Code code={code} wrap={wrap} label={label} />
    </figure>
  );
}

/** Verbatim text that scrolls; within something that has a border and a heading. */
export function Code({ code, label, wrap = false }: { code: string; label: string; wrap?: boolean | undefined }) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
      className="max-h-120 overflow-auto px-4 py-3 focus-visible:-outline-offset-2"
    >
      <pre className={cn("font-mono text-sm leading-6", wrap && "wrap-anywhere whitespace-pre-wrap")}>
        <code>{code}</code>
      </pre>
    </section>
  );
}
