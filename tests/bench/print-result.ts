import type { Bench, BenchResult, Figure } from "./bench";

/** A figure as a row: what, value, ceiling, ratio, promise, whether it is kept. */
export function rowOf({ what, value, unit, ceiling, promise }: Figure): string[] {
  return [
    what,
    withUnit(value, unit),
    ceiling ? `${withUnit(ceiling.value, unit)} (${ceiling.what})` : "",
    ceiling ? (value / ceiling.value).toFixed(2) : "",
    promise?.text ?? "",
    promise ? (promise.isKept ? "kept" : "MISSED") : "",
  ];
}
export const columns = ["figure", "value", "ceiling, same run", "ratio", "promise", ""];

/** A result as people read it. */
export function printResult({ name, summary }: Bench, { figures, costs }: BenchResult): string {
  const parts = [`${name}: ${summary}`, table([columns, ...figures.map(rowOf)])];
  for (const [phase, processes] of Object.entries(costs)) {
    const rows = Object.entries(processes).map(([process, { cores, maxRssMb }]) => [
      process,
      cores.toFixed(2),
      maxRssMb.toFixed(0),
    ]);
    parts.push(table([[`while: ${phase}`, "cores", "RSS MB"], ...rows]));
  }
  return `${parts.join("\n\n")}\n`;
}

function withUnit(value: number, unit: Figure["unit"]): string {
  const digits = unit === "ms" || unit === "cores" || Math.abs(value) < 10 ? 2 : 0;
  const text = value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit === "/s" ? `${text}/s` : `${text} ${unit}`.trim();
}

function table(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}`,
    )
    .join("\n");
}
