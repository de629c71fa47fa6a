import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const repository = fileURLToPath(new URL("..", import.meta.url));

/** What the generators read, change and are checked with. */
const copied = [
  ...["packages/channels", "tests/fakes", "tests/package.json", "turbo/generators"],
  ...["package.json", "turbo.json", "tsconfig.base.json", "biome.json", ".gitignore"],
];

/** A copy of the repository whose packages are its own where they were copied, and else the repository's. */
function copyOfRepository(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "tidings-generators-")));
  for (const path of copied) cpSync(join(repository, path), join(root, path), { recursive: true });
  mkdirSync(join(root, "node_modules/@tidings"), { recursive: true });
  for (const name of readdirSync(join(repository, "node_modules"))) {
    if (name !== "@tidings") symlinkSync(join(repository, "node_modules", name), join(root, "node_modules", name));
  }
  for (const name of readdirSync(join(repository, "node_modules/@tidings"))) {
    const own = { channels: "packages/channels", tests: "tests" }[name];
    const target = own ? join(root, own) : join(repository, "node_modules/@tidings", name);
    symlinkSync(target, join(root, "node_modules/@tidings", name));
  }
  const include = ["packages/channels/src"];
  writeFileSync(join(root, "tsconfig.json"), JSON.stringify({ extends: "./tsconfig.base.json", include }));
  return root;
}

describe("turbo gen", () => {
  let root: string;
  beforeAll(async () => {
    root = copyOfRepository();
    await run("@turbo/gen/dist/cli.js", "run", "channel", "--root", root, "--args", "pigeon-post", "loft");
    await run("@turbo/gen/dist/cli.js", "run", "provider", "--root", root, "--args", "homing-pigeon", "pigeon_post");
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  /** Runs a tool in the copy. @throws with what it printed, when it fails */
  function run(tool: string, ...args: string[]) {
    const { PATH, HOME } = process.env; // not what tells vitest that it runs within another
    return promisify(execFile)(process.execPath, [join(repository, "node_modules", tool), ...args], {
      cwd: root,
      env: { PATH, HOME, TURBO_TELEMETRY_DISABLED: "1", NO_COLOR: "1" },
    });
  }

  it("writes a channel and a provider on it that compile", async () => {
    await run("typescript/bin/tsc", "--noEmit", "-p", "tsconfig.json");
  }, 120_000);

  it("writes what needs no formatting and has no lint", async () => {
    await run("@biomejs/biome/bin/biome", "check", "packages/channels/src", "tests/fakes");
  });

  it("writes a provider that keeps the contract of the registry, with its other side", async () => {
    const { stdout } = await run(
      "vitest/vitest.mjs",
      "run",
      "registry.contract",
      "--reporter=verbose",
      "-t",
      "every|pigeon",
    );
    expect(stdout).toContain("provider 'homing-pigeon' > sends on pigeon_post");
    expect(stdout).toContain("provider 'homing-pigeon' > makes of throttled an outcome that is deferred");
    expect(stdout).toContain(
      "an account of 'homing-pigeon' > that the operator points to our own networks reaches them",
    );
  }, 60_000);
});
