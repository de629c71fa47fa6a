/**
 * `npm run bench [name|all]`: what Tidings does on this machine, against what the machine can do.
 * Each benchmark starts everything anew, measures, and compares ids answered 202 with rows and with what arrived: it fails
 * when they differ. A promise that is missed is printed, and ends the run with exit code 1.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { say } from "../../scripts/say.mjs";
import type { Bench, BenchOptions, BenchResult } from "./bench";
import { benches } from "./benches";
import { printResult } from "./print-result";
import { writePerformance } from "./write-performance";

const help = `npm run bench -- [name…] [options]     one or several of: ${benches.map(({ name }) => name).join(", ")}; all

  --json FILE              appends a line of JSON for each benchmark
  --event-log kafka|redis  forces the event log
  --scale N                multiplies durations (1 is a whole run)
  --docs                   puts the figures into docs/performance.md, as \`all\` does at scale 1`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "string" },
    "event-log": { type: "string" },
    scale: { type: "string", default: "1" },
    docs: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

function chosen(): readonly Bench[] {
  if (positionals.length === 0 || positionals.includes("all")) return benches;
  const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
  if (unknown.length > 0) throw new Error(`There is no benchmark ${unknown.join(", ")}.\n\n${help}`);
  return benches.filter(({ name }) => positionals.includes(name));
}

function lineOf(bench: Bench, result: BenchResult, seconds: number): string {
  return JSON.stringify({
    benchmark: bench.name,
    at: new Date().toISOString(),
    commit: commitOf(),
    seconds: Math.round(seconds),
    node: process.version,
    cores: availableParallelism(),
    processor: cpus()[0]?.model,
    scale: Number(values.scale),
    ...result,
  });
}

/** What was measured, where it is a checkout of git. */
function commitOf(): string | null {
  const { status, stdout } = spawnSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}

async function runBench(bench: Bench, options: BenchOptions, goesToDocs: boolean): Promise<void> {
  const startedAt = performance.now();
  say(`${bench.name}: ${bench.summary}`);
  const result = await bench.run(options);
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(`\n${printResult(bench, result)}`);
  if (values.json) appendFileSync(values.json, `${lineOf(bench, result, seconds)}\n`);
  if (goesToDocs) writePerformance(bench, result, { seconds, scale: options.scale });
  if (result.figures.some(({ promise }) => promise?.isKept === false)) process.exitCode = 1;
}

function tell(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

try {
  if (values.help) {
    console.log(help);
    process.exit(0);
  }
  const eventLog = values["event-log"];
  if (eventLog !== undefined && eventLog !== "kafka" && eventLog !== "redis")
    throw new Error(`--event-log is kafka or redis, not ${eventLog}`);
  const scale = Number(values.scale);
  const selected = chosen();
  const goesToDocs = values.docs || (selected === benches && scale === 1);
  for (const bench of selected) {
    try {
      await runBench(bench, { ...(eventLog && { eventLog }), scale, say }, goesToDocs);
    } catch (error) {
      tell(error); // the others can still be measured
    }
  }
} catch (error) {
  tell(error);
}
process.exit();
