/**
 * Everything that is checked without running the product: `npm run check`, or `npm run check -- types fences` for some of it.
 * Two checks run at a time; all run to their end, so that one look shows everything there is to mend.
 */
import { bin, ensurePackages, quietEnv, repository, requireNode } from "./packages.mjs";
import { giveUp, say } from "./say.mjs";
import { mustRun, run } from "./services/command.mjs";

/** @type {Record<string, { of: string, command: string, args: string[], remedy?: string }>} */
const checks = {
  types: { of: "types", command: bin("tsc"), args: ["--noEmit", "-p", "tsconfig.json"] },
  "web-types": { of: "types of the console", command: "npm", args: ["run", "--silent", "types", "-w", "@tidings/web"] },
  biome: {
    of: "format and lint",
    command: bin("biome"),
    args: ["ci", "--error-on-warnings", "--colors=off"],
    remedy: "npm run format",
  },
  fences: {
    of: "import fences",
    command: bin("depcruise"),
    args: ["apps", "packages", "tests", "scripts", "--config", ".dependency-cruiser.cjs"],
    remedy: "the rules are in .dependency-cruiser.cjs and docs in ARCHITECTURE.md",
  },
  dead: { of: "dead code and dependencies", command: bin("knip"), args: [] },
  openapi: {
    of: "OpenAPI drift",
    command: bin("tsx"),
    args: ["apps/api/src/openapi-cli.ts", "--check"],
    remedy: "npm run openapi",
  },
};

try {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !(name in checks));
  if (unknown.length)
    throw new Error(`There is no check named ${unknown.join(", ")}. There are: ${Object.keys(checks).join(", ")}`);
  requireNode();
  await ensurePackages(say);
  await mustRun(bin("turbo"), ["run", "generate", "--output-logs=errors-only"], { cwd: repository, env: quietEnv });

  const waiting = Object.entries(checks).filter(([name]) => asked.length === 0 || asked.includes(name));
  /** @type {string[]} */
  const failed = [];
  async function lane() {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, { of, command, args, remedy }] = next;
      const began = Date.now();
      const { ok, output } = await run(command, args, { cwd: repository, env: quietEnv });
      say(`${ok ? "✓" : "✗"} ${of} (${name}, ${((Date.now() - began) / 1000).toFixed(1)} s)`);
      if (ok) continue;
      failed.push(name);
      console.log(output.trimEnd().replace(/^/gm, "    "));
      if (remedy) console.log(`    → ${remedy}`);
    }
  }
  await Promise.all([lane(), lane()]);
  if (failed.length) throw new Error(`These checks failed: ${failed.join(", ")}`);
  say("all checks pass");
} catch (error) {
  giveUp(error);
}
