import { CopyButton } from "./copy-button";

/** Something to paste into a terminal, with a button that copies it. */
export function CodeBlock({ label, code }: { label: string; code: string }) {
  return (
    <figure className="overflow-hidden rounded-lg border border-line bg-surface">
      <figcaption className="flex h-10 items-center justify-between border-line border-b pr-1.5 pl-4 text-ink-muted text-xs">
        {label}
        <CopyButton text={code} label={`Copy: ${label}`} />
      </figcaption>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolling */}
      <pre tabIndex={0} className="overflow-x-auto px-4 py-3 font-mono text-sm leading-6">
        <code>{code}</code>
      </pre>
    </figure>
  );
}
