import { cva, type VariantProps } from "class-variance-authority";
import type { ReactNode } from "react";
import { cn } from "./cn";

const badgeStyles = cva(
  "inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-sm border px-1.5 align-middle font-medium text-xs [&_svg]:size-3",
  {
    variants: {
      tone: {
        neutral: "border-line-strong text-ink-muted",
        accent: "border-transparent bg-accent-soft text-accent-ink",
        good: "border-transparent bg-good-soft text-good",
        warn: "border-transparent bg-warn-soft text-warn",
        bad: "border-transparent bg-bad-soft text-bad",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

/** A word of kind: a channel, a mode, a scope, a role. How something is doing is a `Status`. */
export type BadgeProps = VariantProps<typeof badgeStyles> & { className?: string | undefined; children: ReactNode };

export function Badge({ tone, className, children }: BadgeProps) {
  return <span className={cn(badgeStyles({ tone }), className)}>{children}</span>;
}
