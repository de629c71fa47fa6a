/**
 * Shows that every import rule bites: plants one violation of each, sees it reported, and removes them all again.
 * A rule without a violation here fails as well.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { bin, repository } from "./packages.mjs";
import { run } from "./services/command.mjs";

const useDb = 'import type { Db } from "@tidings/db/client";\nexport type Probe = Db;\n';
const useWeb = 'import "../../web/src/env";\n';
const typesOf = (/** @type {string} */ sdk) => `import type * as sdk from "${sdk}";\nexport type Probe = typeof sdk;\n`;

/** By rule: the folder to plant in, what to plant, and how the file ends. @type {Record<string, [folder: string, text: string, end?: string]>} */
const violations = {
  "shared-imports-no-workspace": ["packages/shared/src", useDb],
  "db-channels-runtime-import-only-shared": ["packages/channels/src", useDb],
  "core-imports-only-packages": ["packages/core/src", 'import "../../../apps/web/src/env";\n'],
  "apps-never-import-another-app": ["apps/worker/src", useWeb],
  "tests-import-only-tests-and-themselves": ["apps/worker/src", useWeb, ".test.ts"],
  "client-components-import-only-shared-and-web": ["apps/web/src/app", `"use client";\n${useDb}`, ".tsx"],
  "client-components-take-only-types-from-the-server": ["apps/web/src/ui", '"use client";\nimport "../env";\n', ".tsx"],
  "console-reaches-packages-through-its-server": ["apps/web/src/ui", useDb, ".tsx"],
  "one-home-for-express": ["packages/core/src", typesOf("express")],
  "one-home-for-next": ["apps/api/src", typesOf("next")],
  "one-home-for-trpc": ["apps/api/src", typesOf("@trpc/server")],
  "one-home-for-prisma": ["packages/core/src", typesOf("@prisma/client")],
  "one-home-for-kafkajs": ["apps/consumer/src", typesOf("kafkajs")],
  "one-home-for-ioredis": ["packages/core/src", typesOf("ioredis")],
  "one-home-for-bullmq": ["apps/consumer/src", typesOf("bullmq")],
  "one-home-for-nodemailer": ["packages/channels/src", typesOf("nodemailer")],
  "one-home-for-twilio": ["packages/core/src", typesOf("twilio")],
  "one-home-for-firebase-admin": ["packages/runtime/src", typesOf("firebase-admin")],
  "one-home-for-stripe": ["apps/operator/src", typesOf("stripe")],
  "no-circular": ["packages/shared/src", 'export * from "./fence-probe-no-circular";\n'],
  "no-orphans": ["packages/runtime/src", "export const alone = true;\n"],
  "no-unresolvable": ["packages/runtime/src", 'import "./nowhere";\n'],
  "products-never-import-tests": ["packages/db/src", 'import "vitest";\n'],
};
const outsideEnv = "packages/core/src/fence-probe-process-env.ts";

const planted = Object.entries(violations).map(([rule, [folder, text, end = ".ts"]]) => ({
  rule,
  path: `${folder}/fence-probe-${rule}${end}`,
  text,
}));
planted.push({ rule: "noProcessEnv", path: outsideEnv, text: "export const home = process.env.HOME;\n" });

/** What planting had to create, to be removed again. @type {string[]} */
const created = [];
function restore() {
  for (const path of created.splice(0).reverse()) rmSync(path, { recursive: true, force: true });
}
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
  process.once(signal, () => process.exit(1));
process.once("exit", restore);

for (const { path, text } of planted) {
  const file = join(repository, path);
  const folder = mkdirSync(join(file, ".."), { recursive: true });
  if (folder) created.push(folder);
  if (existsSync(file)) throw new Error(`${path} exists already: remove it`);
  created.push(file);
  writeFileSync(file, text);
}

/** @type {{ rule: string, from: string, to: string }[]} */
const found = [];
const cruise = ["apps", "packages", "tests", "scripts", "--config", ".dependency-cruiser.cjs", "--output-type", "json"];
const { stdout } = await run(bin("depcruise"), cruise, { cwd: repository });
for (const { rule, from, to } of JSON.parse(stdout).summary.violations) found.push({ rule: rule.name, from, to });
const lint = await run(bin("biome"), ["lint", "--only=style/noProcessEnv", outsideEnv], { cwd: repository });
if (lint.output.includes("lint/style/noProcessEnv"))
  found.push({ rule: "noProcessEnv", from: outsideEnv, to: "process.env" });
restore();

const rules = createRequire(import.meta.url)("../.dependency-cruiser.cjs").forbidden;
let missing = 0;
for (const rule of [...rules.map((/** @type {{ name: string }} */ { name }) => name), "noProcessEnv"]) {
  const plant = planted.find((one) => one.rule === rule);
  const caught = found.find((one) => one.rule === rule && one.from === plant?.path);
  if (!caught) missing += 1;
  console.log(caught ? `caught  ${rule}: ${caught.from} → ${caught.to}` : `MISSED  ${rule}`);
}
console.log(
  `${rules.length + 1 - missing} of ${rules.length + 1} rules caught their violation; the tree is as it was.`,
);
process.exitCode = missing ? 1 : 0;
