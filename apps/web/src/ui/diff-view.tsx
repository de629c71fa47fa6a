import { cn } from "./cn";
import { lineDiff } from "./line-diff";

const looks = {
  same: { sign: " ", word: "", className: "text-ink-muted" },
  added: { sign: "+", word: "added: ", className: "bg-good-soft text-ink" },
  removed: { sign: "−", word: "removed: ", className: "bg-bad-soft text-ink" },
};

/** Two texts, line by line: what was removed and what was added. */
export interface DiffViewProps {
  /** What is compared: `Subject, version 3 and draft`. */
  label: string;
  before: string;
  after: string;
  className?: string | undefined;
}

export function DiffView({ label, before, after, className }: DiffViewProps) {
  if (before === after) return <p className="text-ink-muted text-sm">No differences.</p>;
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
      className={cn(
        "max-h-120 overflow-auto rounded-lg border border-line bg-surface py-2 font-mono text-sm leading-6",
        className,
      )}
    >
      <div className="w-max min-w-full">
        {lineDiff(before, after).map(({ kind, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          <div key={index} className={cn("flex whitespace-pre pr-4", looks[kind].className)}>
            <span aria-hidden className="w-8 shrink-0 select-none text-center text-ink-muted">
              {looks[kind].sign}
            </span>
            <span className="sr-only">{looks[kind].word}</span>
            {text}
          </div>
        ))}
      </div>
    </section>
  );
}
