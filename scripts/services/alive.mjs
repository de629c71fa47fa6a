import { execFileSync } from "node:child_process";
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * When a process started, in whatever unit the system tells it: with the pid it names one process, since pids are used again.
 * @param {number} pid
 * @returns {string | undefined} undefined when there is no such process
 */
export function startOf(pid) {
  try {
    if (existsSync("/proc/self/stat")) {
      // The second field, the command in parentheses, may hold spaces; the start time is the 22nd.
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      return fields[0] === "Z" ? undefined : fields[19];
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined; // both ways of asking fail for a process that is gone
  }
}

/**
 * A process, as written down while it was seen alive.
 * @typedef {{ pid: number, started?: string | undefined, stopSignal?: NodeJS.Signals }} RunRecord
 */

/** @param {RunRecord} record */
export function isAlive({ pid, started }) {
  const start = startOf(pid);
  return start !== undefined && start === started;
}

/**
 * @param {string} path
 * @returns {RunRecord | undefined} undefined when there is none, or a crash left it half written
 */
export function readRecord(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** Files that say that this process has something: they go when it does. @type {Set<string>} */
const claimed = new Set();
process.on("exit", () => {
  for (const path of claimed) rmSync(path, { force: true });
});

/**
 * Has a file say that this process, and no other living one, has what the file stands for.
 * @param {string} path
 * @returns {RunRecord | null} its living owner, which may be this process; null when it is ours from now on
 */
export function claim(path) {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
  try {
    for (;;) {
      try {
        linkSync(draft, path); // unlike writing, there at once and whole
        claimed.add(path);
        return null;
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
      }
      const owner = readRecord(path);
      if (owner && isAlive(owner)) return owner;
      removeStale(path);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** @param {string} path of a file that `claim` made */
export function release(path) {
  claimed.delete(path);
  rmSync(path, { force: true });
}

/**
 * Two may find the same dead owner. Only one gets to move the file, and it gives back what was claimed anew meanwhile.
 * @param {string} path
 */
function removeStale(path) {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    const owner = readRecord(aside);
    if (owner && isAlive(owner)) linkSync(aside, path);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code !== "ENOENT" && code !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
