/** Ranges of whole days, as the page offers them. */
export const usagePresets = [
  { value: "month", label: "This month" },
  { value: "last-month", label: "Last month" },
  { value: "30d", label: "Last 30 days" },
  { value: "90d", label: "Last 90 days" },
  { value: "365d", label: "Last 365 days" },
] as const;

const dayMs = 86_400_000;
/** As many as the server adds up at once. */
const maxDays = 366;

const dateOf = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 10);
const isDate = (text: string) => /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

/**
 * The days of UTC, first and last, that a range of the address means: a preset or `2026-11-01..2026-11-05`, of which one
 * may be missing. What is neither is this month; of too many days the last ones stay.
 */
export function usageSpanOf(text: string, now: Date): { from: string; to: string } {
  const today = dateOf(now.getTime());
  const lastDays = /^(30|90|365)d$/.exec(text);
  if (lastDays) return { from: dateOf(now.getTime() - (Number(lastDays[1]) - 1) * dayMs), to: today };
  if (text === "last-month") {
    const to = dateOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 0));
    return { from: firstOf(to), to };
  }
  const [first = "", last = ""] = text.split("..");
  if (!isDate(first) && !isDate(last)) return { from: firstOf(today), to: today };
  const to = isDate(last) ? last : today;
  const from = isDate(first) ? first : firstOf(to);
  const [begin, end] = from <= to ? [from, to] : [to, from];
  const earliest = dateOf(Date.parse(end) - (maxDays - 1) * dayMs);
  return { from: begin < earliest ? earliest : begin, to: end };
}

/** Every day of a span. */
export function daysOf({ from, to }: { from: string; to: string }): string[] {
  const days: string[] = [];
  for (let atMs = Date.parse(from); atMs <= Date.parse(to); atMs += dayMs) days.push(dateOf(atMs));
  return days;
}

const firstOf = (date: string) => `${date.slice(0, 7)}-01`;
