import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, startOf } from "./alive.mjs";

/** Says that another process has the state directory. */
export class StateDirTaken extends Error {
  /** @param {string} dir @param {number} pid */
  constructor(dir, pid) {
    super(`Tidings is already running here (pid ${pid}, state in ${dir}). Stop it with Ctrl-C or: kill ${pid}`);
  }
}

/**
 * Takes a state directory for this process and ends what a crashed earlier owner left running.
 * @param {string} dir made when missing
 * @param {(message: string) => void} onProgress
 * @returns {Promise<() => void>} gives it back
 * @throws {StateDirTaken} when its owner is alive
 */
export async function takeStateDir(dir, onProgress) {
  const run = join(dir, "run");
  mkdirSync(run, { recursive: true });
  const lock = join(run, "owner.lock");
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid) });
  for (;;) {
    try {
      writeFileSync(lock, mine, { flag: "wx", mode: 0o600 });
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
      const owner = readRecord(lock);
      if (owner && isAlive(owner)) throw new StateDirTaken(dir, owner.pid);
      rmSync(lock, { force: true });
    }
  }
  // Two that found the same dead owner's lock may both have removed it: the last to write has won.
  await sleep(20);
  const owner = readRecord(lock);
  if (!owner || owner.pid !== process.pid) throw new StateDirTaken(dir, owner?.pid ?? 0);
  await endOrphans(run, onProgress);
  return () => rmSync(lock, { force: true });
}

/**
 * Whether a living process owns the state directory.
 * @param {string} dir
 */
export function isTaken(dir) {
  const owner = readRecord(join(dir, "run", "owner.lock"));
  return owner !== undefined && isAlive(owner);
}

/**
 * Ends the processes that a supervisor recorded and that outlived it.
 * @param {string} run
 * @param {(message: string) => void} onProgress
 */
async function endOrphans(run, onProgress) {
  const records = readdirSync(run).filter((file) => file.endsWith(".json"));
  await Promise.all(
    records.map(async (file) => {
      const path = join(run, file);
      const record = readRecord(path);
      if (record && isAlive(record)) {
        onProgress(`stopping ${file.replace(".json", "")} (pid ${record.pid}), left over from an earlier run`);
        await end(record);
      }
      rmSync(path, { force: true });
    }),
  );
}

/**
 * Ends a process politely, and after ten seconds by force.
 * @param {RunRecord} record
 */
export async function end(record) {
  process.kill(record.pid, record.stopSignal ?? "SIGTERM");
  const deadline = Date.now() + 10_000;
  while (isAlive(record) && Date.now() < deadline) await sleep(25);
  if (isAlive(record)) process.kill(record.pid, "SIGKILL");
  while (isAlive(record)) await sleep(25);
}

/**
 * Deletes a state directory, with what it keeps elsewhere.
 * @param {string} dir not taken
 */
export function removeStateDir(dir) {
  const pointer = join(dir, "postgres-home");
  if (existsSync(pointer)) rmSync(readFileSync(pointer, "utf8"), { recursive: true, force: true });
  rmSync(dir, { recursive: true, force: true });
}

/** @typedef {{ pid: number, started?: string | undefined, stopSignal?: NodeJS.Signals }} RunRecord */

/**
 * @param {string} path
 * @returns {RunRecord | undefined} undefined when there is none, or a crash left it half written
 */
function readRecord(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
