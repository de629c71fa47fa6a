import type { Answers } from "../../../trpc/answers";

type Outputs = Answers["webhooks"];
/** An endpoint as pages show it. */
export type Endpoint = Outputs["get"];
/** A report as lists show it. */
export type Report = Outputs["reports"]["data"][number];
/** How reports fared in a span of time. */
export type ReportCounts = Omit<Outputs["hours"][number], "at">;

/** What an endpoint asked for, in a few words. */
export function wordsOfEvents(events: readonly string[]): string {
  if (events.includes("*")) return "All events";
  const [first, second, ...rest] = events;
  return [first, second, rest.length > 0 ? `${rest.length} more` : undefined].filter(Boolean).join(", ");
}

/** How many were tried by now, with or without success. */
export const triedOf = ({ delivered, failed, retrying }: ReportCounts) => delivered + failed + retrying;

/** The share of tried reports that arrived, in 0…1; null when none was tried. What is being retried has not arrived. */
export function successOf(counts: ReportCounts): number | null {
  const tried = triedOf(counts);
  return tried === 0 ? null : counts.delivered / tried;
}

/** All of some spans together. */
export function sumOf(spans: readonly ReportCounts[]): ReportCounts {
  return spans.reduce<ReportCounts>(
    (sum, span) => ({
      delivered: sum.delivered + span.delivered,
      failed: sum.failed + span.failed,
      retrying: sum.retrying + span.retrying,
      waiting: sum.waiting + span.waiting,
      isSampled: sum.isSampled || span.isSampled,
    }),
    { delivered: 0, failed: 0, retrying: 0, waiting: 0, isSampled: false },
  );
}
