import type { FaultResult } from "./run-fault";

type Row = FaultResult;

const columns: readonly { title: string; of(row: Row): string }[] = [
  { title: "fault", of: (row) => row.fault },
  { title: "accepted", of: (row) => count(row.accepted) },
  { title: "refused", of: (row) => count(refused(row)) },
  { title: "arrived", of: (row) => count(row.arrived) },
  { title: "declared", of: (row) => count(row.declared) },
  { title: "lost", of: (row) => count(row.lost) },
  { title: "doubled", of: (row) => (row.cutOff > 0 ? `${row.doubled} of ${row.cutOff} cut off` : String(row.doubled)) },
  { title: "stuck", of: (row) => count(row.stuck) },
  { title: "recovered in", of: (row) => `${row.secondsToRecover.toFixed(1)} s` },
];

const widths = [24, 9, 8, 8, 9, 6, 17, 6, 13];

export function headLine(): string {
  return line(columns.map(({ title }) => title));
}

/** A repetition in one line for people, followed by what was not as promised. */
export function resultLine(row: FaultResult): string {
  const text = `${line(columns.map(({ of }) => of(row)))} ${row.broken.length > 0 ? "BROKEN" : "kept"}`;
  const besides = [...(row.finding === null ? [] : [row.finding]), ...row.broken];
  return [text, ...besides.map((sentence) => `    ${sentence}`)].join("\n");
}

/** The table as Markdown. */
export function markdownTable(rows: readonly FaultResult[]): string {
  const cells = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  return [
    cells([...columns.map(({ title }) => title), "promise"]),
    cells([...columns.map(() => "---"), "---"]),
    ...rows.map((row) => cells([...columns.map(({ of }) => of(row)), row.broken.join("; ") || "kept"])),
    ...findings(rows),
  ].join("\n");
}

/** What repetitions found besides, as a list below the table. */
function findings(rows: readonly FaultResult[]): string[] {
  const told = rows.flatMap(({ fault, finding }) => (finding === null ? [] : [`- \`${fault}\`: ${finding}`]));
  return told.length > 0 ? ["", ...told] : [];
}

function line(texts: readonly string[]): string {
  return texts
    .map((text, index) => (index === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[index] ?? 0)))
    .join(" ");
}

/** Requests that were answered otherwise than 202, or not at all. */
function refused({ statuses }: FaultResult): number {
  return Object.entries(statuses).reduce((sum, [status, times]) => (status === "202" ? sum : sum + times), 0);
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}
