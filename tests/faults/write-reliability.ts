import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { FaultResult } from "./run-fault";
import { markdownTable } from "./table";

const file = new URL("../../docs/reliability.md", import.meta.url);
const [begin, end] = ["<!-- faults:begin -->", "<!-- faults:end -->"];

/** Puts the table of a run into docs/reliability.md, between its two marks. */
export function writeReliability(
  results: readonly FaultResult[],
  { seed, times, eventLog }: { seed: string; times: number; eventLog: string },
): void {
  const [before, rest] = readFileSync(file, "utf8").split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${file.pathname} has lost its marks ${begin} and ${end}`);
  const day = new Date().toISOString().slice(0, 10);
  const told = `${day}, ${availableParallelism()} cores, event log ${eventLog}, each fault ${times} ×, seed ${seed}.`;
  writeFileSync(file, `${before}${begin}\n${told}\n\n${markdownTable(results)}\n${end}${after}`);
}
