/**
 * All tests, in a clone where nothing was done before: `npm test`.
 * `npm test -- packages/core` runs some of them, `--event-log kafka|redis` forces the event log.
 * The last line is always `N passed, N failed`; whatever breaks outside a test counts as one failure.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import util from "node:util"; // by name, parseArgs would keep an older Node from even telling that it is too old
import { bin, ensurePackages, quietEnv, repository, requireNode } from "./packages.mjs";
import { say } from "./say.mjs";
import { mustRun } from "./services/command.mjs";

const counts = { passed: 0, failed: 0 };
try {
  requireNode();
  const options = readOptions();
  await ensurePackages(say);
  await mustRun(bin("turbo"), ["run", "generate", "--output-logs=errors-only"], { cwd: repository, env: quietEnv });
  // The browser's tests need everything as built; by itself that takes half as long as beside the other tests.
  if (options.forVitest.length === 0 || options.forVitest.some((arg) => arg.includes("e2e"))) {
    say("building what changed");
    await mustRun(bin("turbo"), ["run", "build", "--output-logs=errors-only"], { cwd: repository, env: quietEnv });
  }
  await vitest(options);
} catch (error) {
  counts.failed += 1;
  console.error(error instanceof Error ? error.message : error);
}
process.exitCode = counts.failed ? 1 : 0;
console.log(`${counts.passed} passed, ${counts.failed} failed`);

/** Takes our own option out of the command line; every other is vitest's, and is left as it came. */
function readOptions() {
  const args = process.argv.slice(2);
  const options = /** @type {const} */ ({ "event-log": { type: "string" } });
  const { values, tokens } = util.parseArgs({ args, options, strict: false, tokens: true });
  const eventLog = values["event-log"];
  if (eventLog !== undefined && eventLog !== "kafka" && eventLog !== "redis")
    throw new Error("--event-log is kafka or redis");
  const ours = tokens.flatMap((token) => (token.kind === "option" && token.name === "event-log" ? [token] : []));
  const taken = new Set(ours.flatMap(({ index, inlineValue }) => (inlineValue ? [index] : [index, index + 1])));
  return { eventLog, forVitest: args.filter((_, index) => !taken.has(index)) };
}

/**
 * Runs vitest with its usual output, and adds up what it reports.
 * @param {ReturnType<typeof readOptions>} options
 */
async function vitest({ eventLog, forVitest }) {
  const dir = mkdtempSync(join(tmpdir(), "tidings-report-"));
  const report = join(dir, "report.json");
  try {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const exitCode = await new Promise((resolve, reject) => {
      const child = spawn(bin("vitest"), ["run", ...reporters, ...forVitest], {
        cwd: repository,
        env: { ...quietEnv, TEST_EVENT_LOG: eventLog },
        stdio: "inherit",
      });
      child.once("exit", resolve);
      child.once("error", reject);
    });
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
    counts.passed += numPassedTests;
    counts.failed += numFailedTests;
    // A file that could not even be loaded has no tests to count.
    for (const { status, assertionResults } of testResults)
      if (
        status === "failed" &&
        !assertionResults.some((/** @type {{ status: string }} */ one) => one.status === "failed")
      )
        counts.failed += 1;
    if (exitCode !== 0 && counts.failed === 0) throw new Error(`vitest ended with exit code ${exitCode}`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
