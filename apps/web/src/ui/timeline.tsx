import { CircleAlert, CircleCheck, CircleDashed, CircleDot, CircleMinus, CircleX, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";
import type { StatusTone } from "./status";
import { ExactTime, RelativeTime } from "./time";

const icons: Record<StatusTone, LucideIcon> = {
  good: CircleCheck,
  warn: CircleAlert,
  bad: CircleX,
  active: CircleDot,
  neutral: CircleMinus,
  unknown: CircleDashed,
};
const colours: Record<StatusTone, string> = {
  good: "text-good",
  warn: "text-warn",
  bad: "text-bad",
  active: "text-accent-ink",
  neutral: "text-ink-muted",
  unknown: "text-ink-muted",
};

/** One thing that happened, or will. */
export interface TimelineEvent {
  key: string;
  tone: StatusTone;
  /** In words: the icon and its colour say it again, not instead. */
  title: ReactNode;
  at?: Date | string | number | undefined;
  /** Beside the title: a duration, a badge. */
  aside?: ReactNode;
  /** Under it: the provider's words, a fold with the request. */
  children?: ReactNode;
}

/** What happened in order, the earliest first. */
export interface TimelineProps {
  label: string;
  events: readonly TimelineEvent[];
  /** `exact` where seconds matter. */
  times?: "relative" | "exact" | undefined;
}

export function Timeline({ label, events, times = "relative" }: TimelineProps) {
  const Time = times === "exact" ? ExactTime : RelativeTime;
  return (
    <ol aria-label={label}>
      {events.map(({ key, tone, title, at, aside, children }) => {
        const Icon = icons[tone];
        return (
          <li key={key} className="group/event relative flex gap-3 pb-5 last:pb-0">
            <span
              aria-hidden
              className="absolute top-6 bottom-1 left-2 w-px -translate-x-1/2 bg-line-strong group-last/event:hidden"
            />
            <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", colours[tone])} />
            <div className="min-w-0 flex-1">
              <div className="flex flex-wrap items-baseline justify-between gap-x-3">
                <span className="wrap-anywhere flex min-w-0 flex-wrap items-baseline gap-x-2 font-medium">
                  {title}
                  {aside && <span className="font-normal text-ink-muted text-xs">{aside}</span>}
                </span>
                {at !== undefined && <Time at={at} className="whitespace-nowrap text-ink-muted text-xs" />}
              </div>
              {children && <div className="wrap-anywhere mt-1 text-ink-muted text-sm">{children}</div>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
