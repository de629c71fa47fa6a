import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mustRun } from "./services/command.mjs";

/** The root of this clone. */
export const repository = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/**
 * The path of a command that a package brings.
 * @param {string} name
 */
export function bin(name) {
  return join(repository, "node_modules", ".bin", name);
}

/** What everything we run is told: our tools report to nobody. */
export const quietEnv = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: "1",
  TURBO_NO_UPDATE_NOTIFIER: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
  CHECKPOINT_DISABLE: "1",
  PRISMA_HIDE_UPDATE_MESSAGE: "1",
};

/**
 * @throws {Error} a sentence for people, when this Node is too old
 */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new Error(
      `Tidings needs Node 20.19 or newer, and this is ${process.versions.node}: https://nodejs.org/en/download`,
    );
}

/**
 * Installs the packages when node_modules is not what package-lock.json says.
 * @param {(message: string) => void} onProgress
 */
export async function ensurePackages(onProgress) {
  if (isInStep()) return;
  onProgress("installing packages (npm ci)");
  await mustRun("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: repository,
    env: { ...quietEnv, NODE_ENV: undefined },
  });
  onProgress("packages are installed");
}

/** @typedef {{ version?: string, link?: boolean, optional?: boolean, extraneous?: boolean }} LockedPackage */

/** npm leaves a lockfile of what it really installed; optional packages of other platforms are missing there. */
function isInStep() {
  const installedFile = join(repository, "node_modules", ".package-lock.json");
  if (!existsSync(installedFile)) return false;
  const installed = lockedPackages(installedFile);
  const wanted = Object.entries(lockedPackages(join(repository, "package-lock.json")));
  return wanted.every(([path, { version, link, optional, extraneous }]) => {
    if (extraneous || !path.startsWith("node_modules/")) return true;
    const found = installed[path];
    return found ? found.version === version && found.link === link : optional === true;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>} by path
 */
function lockedPackages(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}
