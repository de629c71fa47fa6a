import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { formatCount, formatShare } from "./format-number";
import { Meter } from "./meter";

/** How much of an allowance is used. Warns from 80 % on. */
export interface QuotaBarProps {
  label: string;
  used: number;
  /** Null: unlimited. */
  limit: number | null;
  /** What happens at the limit, or when it starts anew. */
  note?: ReactNode;
}

export function QuotaBar({ label, used, limit, note }: QuotaBarProps) {
  const share = limit === null ? 0 : limit === 0 ? 1 : used / limit;
  const tone = share >= 1 ? "bad" : share >= 0.8 ? "warn" : "accent";
  return (
    <div className="space-y-1.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
        <span className="font-medium">{label}</span>
        <span className="text-ink-muted">
          {formatCount(used)} {limit === null ? "· unlimited" : `of ${formatCount(limit)}`}
        </span>
      </div>
      {limit !== null && <Meter label={label} share={share} tone={tone} />}
      {(share >= 0.8 || note) && (
        <p className="flex flex-wrap items-center gap-x-1.5 text-ink-muted text-xs">
          {share >= 0.8 && (
            <span className={`inline-flex items-center gap-1 font-medium ${share >= 1 ? "text-bad" : "text-warn"}`}>
              <TriangleAlert aria-hidden className="size-3" />
              {share >= 1 ? "Used up" : `${formatShare(share)} used`}
            </span>
          )}
          {note}
        </p>
      )}
    </div>
  );
}
