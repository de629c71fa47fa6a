import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import type { Bench, BenchResult } from "./bench";
import { columns, rowOf } from "./print-result";

const file = new URL("../../docs/performance.md", import.meta.url);

/** Puts a benchmark's figures into docs/performance.md, between its two marks; those of the others stay. */
export function writePerformance(
  { name }: Bench,
  { figures, costs, settings }: BenchResult,
  { seconds, scale }: { seconds: number; scale: number },
): void {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [before, rest] = readFileSync(file, "utf8").split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${file.pathname} has lost its marks ${begin} and ${end}`);
  const { eventLog } = settings;
  const told = [
    new Date().toISOString().slice(0, 10),
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? "unknown"})`,
    `Node ${process.version}`,
    ...(eventLog ? [`event log ${eventLog}`] : []),
    `${Math.round(seconds / 60)} minutes`,
    `\`npm run bench -- ${name}${scale === 1 ? "" : ` --scale ${scale}`}\``,
  ].join(", ");
  const table = markdownTable([columns, columns.map(() => "---"), ...figures.map(rowOf)]);
  writeFileSync(file, `${before}${begin}\n${told}:\n\n${table}\n\n${costsTable(costs)}${end}${after}`);
}

/** Who used the processors while it was measured: a row for each phase, a column for each process. Empty without /proc. */
function costsTable(costs: BenchResult["costs"]): string {
  const phases = Object.entries(costs);
  const processes = [...new Set(phases.flatMap(([, byProcess]) => Object.keys(byProcess)))];
  if (processes.length === 0) return "";
  const rows = phases.map(([phase, byProcess]) => [
    phase,
    ...processes.map((name) => {
      const cost = byProcess[name];
      return cost ? `${cost.cores.toFixed(2)}${cost.maxRssMb > 0 ? `, ${cost.maxRssMb.toFixed(0)} MB` : ""}` : "";
    }),
  ]);
  const head = ["cores used, and memory", ...processes];
  return `${markdownTable([head, head.map(() => "---"), ...rows])}\n`;
}

function markdownTable(rows: readonly string[][]): string {
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
