/**
 * Rows as columns for people to read.
 * @param none what is said when there are no rows
 */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], none: string): string {
  if (rows.length === 0) return none;
  const lines = [headings.map((heading) => heading.toUpperCase()), ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** `2026-11-21T12:34:56.789Z` → `2026-11-21 12:34`; a dash for none. In UTC, to the minute. */
export function shortTime(time: string | null): string {
  return time === null ? "-" : time.slice(0, 16).replace("T", " ");
}
