import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

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
 * @param {{ pid: number, started?: string | undefined }} record as written when the process was seen alive
 */
export function isAlive({ pid, started }) {
  const start = startOf(pid);
  return start !== undefined && start === started;
}
