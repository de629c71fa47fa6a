// Who may import whom. `npm run fences:prove` plants one violation of each rule and shows it caught.
const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

/** Files that begin with "use client", exactly, as a regular expression. */
function clientComponents() {
  const web = join(__dirname, "apps/web/src");
  const files = readdirSync(web, { recursive: true })
    .filter((file) => /\.tsx?$/.test(file))
    .filter((file) => /^\s*["']use client["']/.test(readFileSync(join(web, file), "utf8")))
    .map((file) => file.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return `^apps/web/src/(${files.join("|")})$`;
}

/** An npm package, its types included, found or not. */
const npm = (name) => `(^|node_modules/)(@types/)?(${name})(/|$)`;

/** Tests, and what only they use. */
const tests = "(\\.test\\.tsx?$|/testing/)";
/** The parts of the console that run on the server alone. */
const webServer = "^apps/web/src/(server/|(env|instrumentation|proxy)\\.ts$|app/.*route\\.ts$)";

const workspaces = [
  {
    name: "shared-imports-no-workspace",
    from: { path: "^packages/shared/" },
    to: { path: "^(apps|packages|tests|scripts)/", pathNot: "^packages/shared/" },
  },
  {
    name: "db-channels-runtime-import-only-shared",
    from: { path: "^packages/(db|channels|runtime)/", pathNot: tests },
    to: { path: "^(apps|packages|tests|scripts)/", pathNot: "^packages/(shared|$1)/" },
  },
  {
    name: "core-imports-only-packages",
    from: { path: "^packages/core/", pathNot: tests },
    to: { path: "^(apps|tests|scripts)/" },
  },
  {
    name: "apps-never-import-another-app",
    from: { path: "^apps/([^/]+)/", pathNot: tests },
    to: { path: "^(apps|tests|scripts)/", pathNot: "^apps/$1/" },
  },
  {
    name: "tests-import-only-tests-and-themselves",
    comment: "A test beside code may also use the fakes of tests/ and the services of scripts/.",
    from: { path: `^(packages|apps)/([^/]+)/.*${tests}` },
    to: { path: "^(apps|scripts)/", pathNot: "^($1/$2|scripts/services)/" },
  },
  {
    name: "client-components-import-only-shared-and-web",
    from: { path: clientComponents() },
    to: { path: "^(apps|packages)/", pathNot: "^(apps/web|packages/shared)/" },
  },
  {
    name: "client-components-take-only-types-from-the-server",
    from: { path: clientComponents() },
    to: { path: webServer, dependencyTypesNot: ["type-only"] },
  },
  {
    name: "console-reaches-packages-through-its-server",
    comment: "What is not server code may become part of a client component's bundle.",
    from: { path: "^apps/web/src/", pathNot: [webServer, tests] },
    to: { path: "^packages/", pathNot: "^packages/shared/" },
  },
];

/** One SDK, one home; `tests/` speaks to everything from outside. */
const homes = [
  ["express", "express", "^apps/api/"],
  ["next", "next", "^apps/web/"],
  ["trpc", "@trpc/[^/]+", "^apps/web/"],
  ["prisma", "prisma|@prisma/[^/]+|pg", "^packages/db/"],
  ["kafkajs", "kafkajs", "^packages/runtime/"],
  ["ioredis", "ioredis", "^packages/runtime/"],
  ["bullmq", "bullmq", "^(packages/runtime|apps/worker)/"],
  ["nodemailer", "nodemailer", "^packages/channels/src/providers/"],
  ["twilio", "twilio", "^packages/channels/src/providers/"],
  ["firebase-admin", "firebase-admin", "^packages/channels/src/providers/"],
  ["stripe", "stripe", "^packages/core/src/billing/"],
].map(([name, packages, home]) => ({
  name: `one-home-for-${name}`,
  from: { pathNot: `${home}|^tests/` },
  to: { path: npm(packages) },
}));

const shape = [
  { name: "no-circular", from: {}, to: { circular: true } },
  {
    name: "no-orphans",
    from: {
      orphan: true,
      pathNot: [
        "\\.config\\.(ts|mjs|cjs)$",
        "\\.d\\.ts$",
        "\\.cjs$",
        "^apps/web/src/app/",
        "^scripts/[^/]+\\.mjs$",
        "^tests/faults/shift-clock\\.mjs$", // preloaded by a process, never imported
      ],
    },
    to: {},
  },
  { name: "no-unresolvable", from: {}, to: { couldNotResolve: true } },
  {
    name: "products-never-import-tests",
    from: { path: "^(apps|packages)/[^/]+/src/", pathNot: tests },
    to: { path: `${tests}|${npm("vitest|fast-check")}` },
  },
];

module.exports = {
  forbidden: [...workspaces, ...homes, ...shape].map((rule) => ({ severity: "error", ...rule })),
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(apps|packages)/[^/]+/(dist|\\.next|src/generated)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".cjs", ".js", ".d.ts"],
    },
  },
};
