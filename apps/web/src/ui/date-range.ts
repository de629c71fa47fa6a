/** Ranges that end now. */
export const dateRangePresets = [
  { value: "1h", label: "Last hour", ms: 3_600_000 },
  { value: "24h", label: "Last 24 hours", ms: 86_400_000 },
  { value: "7d", label: "Last 7 days", ms: 7 * 86_400_000 },
  { value: "30d", label: "Last 30 days", ms: 30 * 86_400_000 },
  { value: "90d", label: "Last 90 days", ms: 90 * 86_400_000 },
] as const;

/**
 * The moments a range of the address means: a preset (`7d`) or two days of UTC (`2026-11-01..2026-11-05`), the last one
 * included; either may be missing (`2026-11-01..`).
 * @returns null for what is neither
 */
export function dateRangeOf(text: string, now: Date): { from: Date | null; to: Date | null } | null {
  const preset = dateRangePresets.find(({ value }) => value === text);
  if (preset) return { from: new Date(now.getTime() - preset.ms), to: null };
  const [from, to, ...rest] = text.split("..");
  if (from === undefined || to === undefined || rest.length > 0 || text === "..") return null;
  const [first, last] = [from, to].map((day) => (day === "" ? null : new Date(`${day}T00:00:00Z`)));
  if ((first && Number.isNaN(first.getTime())) || (last && Number.isNaN(last.getTime()))) return null;
  return { from: first ?? null, to: last ? new Date(last.getTime() + 86_400_000) : null };
}

/** A range in words: `Last 7 days`, `2026-11-01 to 2026-11-05`, `since 2026-11-01`. */
export function dateRangeWords(text: string): string {
  const preset = dateRangePresets.find(({ value }) => value === text);
  if (preset) return preset.label;
  const [from, to] = text.split("..");
  if (from && to) return from === to ? from : `${from} to ${to}`;
  return from ? `since ${from}` : `until ${to ?? ""}`;
}
