/** `npm run faults`: breaks things under load and shows that nothing accepted is lost. */
import { randomInt } from "node:crypto";
import { appendFileSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { startSystem } from "../load/system";
import type { Ending, Fault } from "./fault";
import { seededRandom } from "./random";
import { faults } from "./registry";
import { type FaultResult, runFault } from "./run-fault";
import { headLine, resultLine } from "./table";
import { writeReliability } from "./write-reliability";

const help = `npm run faults -- [name …|all] [options]

Plays faults against the real processes under load, and compares what was answered 202 with what arrived.
Exit code 0 says that every promise was kept.

  --times N                 repetitions of each fault (default 3)
  --seed S                  the seed of an earlier run, to strike at the same moments
  --most N                  notifications of a repetition at most, for a quick look
  --json FILE               one line of JSON for each repetition
  --event-log kafka|redis   forces the event log
  --help

${faults.map(({ name, does }) => `  ${name.padEnd(26)}${does}`).join("\n")}`;

const eventLogs = ["kafka", "redis"] as const;
const services = new Set(["postgres", "redis", "kafka"]);

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      times: { type: "string", default: "3" },
      seed: { type: "string", default: String(randomInt(1_000_000)) },
      most: { type: "string", default: "Infinity" },
      json: { type: "string" },
      "event-log": { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const times = Number(values.times);
  if (!Number.isInteger(times) || times < 1) throw new Error(`--times is a number from 1, not ${values.times}`);
  const most = Number(values.most);
  if (!(most >= 1)) throw new Error(`--most is a number from 1, not ${values.most}`);
  const eventLog = eventLogs.find((one) => one === values["event-log"]);
  if (values["event-log"] !== eventLog) throw new Error(`--event-log is ${eventLogs.join(" or ")}`);
  const isAll = positionals.length === 0 || positionals.includes("all");
  const chosen = isAll ? faults : positionals.map(faultNamed);
  return { ...values, times, most, eventLog, isAll, chosen };
}

function faultNamed(name: string): Fault {
  const fault = faults.find((one) => one.name === name);
  if (!fault) throw new Error(`There is no fault ${name}; --help lists them.`);
  return fault;
}

/** Reads in a supervisor's words how a process of ours ended, and when it was back. */
function noteEnding(endings: Ending[], message: string): void {
  const [, ended, how] = /^(\S+) ended \((.+)\) and is restarted/.exec(message) ?? [];
  if (ended && how && !services.has(ended)) endings.push({ process: ended, how, backAtMs: null });
  const [, back] = /^(\S+) is back/.exec(message) ?? [];
  for (const ending of endings) if (ending.process === back) ending.backAtMs ??= Date.now();
}

async function main(): Promise<void> {
  const { help: isHelpWanted, times, most, seed, json, eventLog, isAll, chosen } = readOptions();
  if (isHelpWanted) return console.log(help);
  if (json) rmSync(json, { force: true });
  const endings: Ending[] = [];
  const system = await startSystem({
    name: "faults",
    ...(eventLog && { eventLog }),
    onProgress(message) {
      noteEnding(endings, message);
      console.error(`  ${message.split("\n", 1)[0]}`);
    },
  });
  const results: FaultResult[] = [];
  try {
    console.log(`seed ${seed}, event log ${system.stack.connection.eventLog}\n${headLine()}`);
    for (const fault of chosen) {
      const reason = fault.unplayable?.(system);
      if (reason) {
        console.log(`${fault.name}: not played, ${reason}`);
        continue;
      }
      for (let time = 1; time <= times; time += 1) {
        const random = seededRandom(`${seed} ${fault.name} ${time}`);
        const result = await runFault({ system, fault, random, endings, most });
        results.push(result);
        console.log(resultLine(result));
        if (json) appendFileSync(json, `${JSON.stringify({ seed, time, ...result })}\n`);
      }
    }
  } finally {
    await system.stop();
  }
  if (isAll && most === Number.POSITIVE_INFINITY)
    writeReliability(results, { seed, times, eventLog: system.stack.connection.eventLog });
  const broken = results.filter((result) => result.broken.length > 0).length;
  console.log(`${results.length - broken} kept, ${broken} broken`);
  process.exitCode = broken > 0 ? 1 : 0;
}

await main();
