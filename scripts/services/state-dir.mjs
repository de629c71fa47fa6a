import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { claim, isAlive, readRecord, release } from "./alive.mjs";

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
  const lock = join(run, "owner.lock");
  const owner = claim(lock);
  if (owner) throw new StateDirTaken(dir, owner.pid);
  await endOrphans(run, onProgress);
  return () => release(lock);
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
 * @param {import("./alive.mjs").RunRecord} record
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
