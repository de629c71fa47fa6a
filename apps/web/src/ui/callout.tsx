import { cva } from "class-variance-authority";
import { CircleCheck, CircleX, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

const icons = { info: Info, good: CircleCheck, warn: TriangleAlert, bad: CircleX };

const calloutStyles = cva("flex items-start gap-2.5 rounded-lg border px-3 py-2.5 text-sm max-sm:flex-wrap", {
  variants: {
    tone: {
      info: "border-line-strong bg-sunken [&>svg]:text-ink-muted",
      good: "border-good/30 bg-good-soft [&>svg]:text-good",
      warn: "border-warn/30 bg-warn-soft [&>svg]:text-warn",
      bad: "border-bad/30 bg-bad-soft [&>svg]:text-bad",
    },
  },
});

/** A remark within a page that must not be missed. What happened just now is a `toast`. */
export interface CalloutProps {
  tone?: keyof typeof icons | undefined;
  title?: ReactNode;
  /** A button or link on the right; on a phone, below the text. */
  action?: ReactNode;
  className?: string | undefined;
  children?: ReactNode;
}

export function Callout({ tone = "info", title, action, className, children }: CalloutProps) {
  const Icon = icons[tone];
  return (
    <div role={tone === "bad" ? "alert" : undefined} className={cn(calloutStyles({ tone }), className)}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="wrap-anywhere min-w-0 flex-1 max-sm:basis-[calc(100%-1.625rem)]">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className={cn(title && "text-ink-muted")}>{children}</div>}
      </div>
      {action && <div className="shrink-0 max-sm:ml-6.5">{action}</div>}
    </div>
  );
}
