import { cva } from "class-variance-authority";
import { CircleCheck, CircleDashed, CircleX } from "lucide-react";
import type { ReactNode } from "react";

export type StatusTone = "good" | "bad" | "unknown";

const icons = { good: CircleCheck, bad: CircleX, unknown: CircleDashed } as const;

const statusStyles = cva("inline-flex items-center gap-1.5 whitespace-nowrap font-medium text-sm", {
  variants: { tone: { good: "text-good", bad: "text-bad", unknown: "text-ink-muted" } },
});

/** How something is: always an icon and a word, so that the colour never speaks alone. */
export function Status({ tone, children }: { tone: StatusTone; children: ReactNode }) {
  const Icon = icons[tone];
  return (
    <span className={statusStyles({ tone })}>
      <Icon aria-hidden className="size-4 shrink-0" />
      {children}
    </span>
  );
}
