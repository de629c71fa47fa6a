import { formatShare } from "../../../ui/format-number";
import { Meter } from "../../../ui/meter";
import { type ReportCounts, successOf } from "./endpoint-words";

/** The share of reports that arrived, as a number and a bar. */
export function SuccessRate({ counts }: { counts: ReportCounts }) {
  const share = successOf(counts);
  if (share === null) return <span className="text-ink-muted">No reports</span>;
  const tone = share >= 0.99 ? "good" : share >= 0.9 ? "warn" : "bad";
  return (
    <span
      className="flex items-center gap-2"
      title={counts.isSampled ? "Of the newest 1,000 reports of the last 24 hours" : undefined}
    >
      <span className="w-12 shrink-0">{formatShare(share)}</span>
      <Meter label="Reports that arrived" share={share} tone={tone} className="w-16" />
    </span>
  );
}
