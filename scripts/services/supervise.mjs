import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startOf } from "./alive.mjs";
import { endAtExit } from "./children.mjs";

/**
 * A process to keep running.
 * @typedef {object} ProcessSpec
 * @property {string} name names its log, `<dir>/logs/<name>.log`, and its record, `<dir>/run/<name>.json`
 * @property {string} dir state directory
 * @property {string} command
 * @property {readonly string[]} args
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [cwd]
 * @property {number} [uid]
 * @property {number} [gid]
 * @property {() => Promise<boolean>} isReady asked every 25 ms while it starts
 * @property {number} [readyWithinMs] 60 s when absent
 * @property {NodeJS.Signals} [stopSignal] SIGTERM when absent
 * @property {number} [stopWithinMs] then it is killed; 10 s when absent
 * @property {boolean} [wholeGroup] signals go to its children too, for runners like `tsx watch`
 * @property {(message: string) => void} onProgress told of crashes and restarts
 */

/**
 * A supervised process: after `start` it is restarted whenever it ends by itself, until `stop`.
 * @typedef {object} Supervised
 * @property {string} name
 * @property {string} logFile
 * @property {() => number | undefined} pid undefined while it is down
 * @property {() => Promise<void>} start resolves when ready; throws with the last lines of the log when it ends before
 * @property {() => Promise<void>} stop
 * @property {(signal: NodeJS.Signals) => void} kill as a crash would end it: it comes back
 */

const LONGEST_PAUSE_MS = 30_000;

/**
 * @param {ProcessSpec} spec
 * @returns {Supervised}
 */
export function supervise(spec) {
  const { name, dir, onProgress, stopSignal = "SIGTERM", stopWithinMs = 10_000, readyWithinMs = 60_000 } = spec;
  const logFile = join(dir, "logs", `${name}.log`);
  const record = join(dir, "run", `${name}.json`);
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let child;
  /** @type {Promise<void>} */
  let exited = Promise.resolve();
  let stopping = false;
  let pauseMs = 0;
  const wake = { now: () => {} };

  /** @param {NodeJS.Signals} signal */
  function signal(signal) {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    if (spec.wholeGroup) process.kill(-child.pid, signal);
    else child.kill(signal);
  }

  async function launch() {
    // Whoever answers already would be taken for the one about to be started.
    if (await spec.isReady()) throw new Error(`${name} can't be started: something else listens on its port.`);
    const log = openSync(logFile, "a", 0o600);
    const launched = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      uid: spec.uid,
      gid: spec.gid,
      detached: true, // a group of its own: Ctrl-C reaches us alone, and we stop things in order
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    child = launched;
    /** @type {Error | undefined} */
    let spawnError;
    exited = new Promise((resolve) => {
      const ended = () => {
        rmSync(record, { force: true });
        resolve();
      };
      launched.once("exit", ended);
      launched.once("error", (error) => {
        spawnError = error;
        ended();
      });
    });
    if (launched.pid !== undefined) {
      endAtExit(launched, () => signal(stopSignal));
      writeFileSync(record, JSON.stringify({ pid: launched.pid, started: startOf(launched.pid), stopSignal }));
    }

    const deadline = Date.now() + readyWithinMs;
    while (!(await spec.isReady())) {
      if (spawnError) throw new Error(`${name} could not be started: ${spawnError.message}`);
      if (launched.exitCode !== null || launched.signalCode !== null)
        throw new Error(`${name} ended (${ending(launched)}) before it was ready.\n${lastLines(logFile)}`);
      if (stopping) throw new Error(`${name} was stopped while it started.`);
      if (Date.now() > deadline) {
        signal("SIGKILL");
        throw new Error(`${name} was not ready within ${readyWithinMs / 1000} s.\n${lastLines(logFile)}`);
      }
      await sleep(25);
    }
    const readyAt = Date.now();
    void exited.then(() => {
      if (stopping) return;
      onProgress(`${name} ended (${ending(launched)}) and is restarted.\n${lastLines(logFile)}`);
      pauseMs = Date.now() - readyAt > 60_000 ? 0 : pauseMs;
      return restart();
    });
  }

  async function restart() {
    while (!stopping) {
      await Promise.race([sleep(pauseMs), new Promise((resolve) => (wake.now = () => resolve(undefined)))]);
      pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(500, pauseMs * 2));
      if (stopping) return;
      try {
        await launch();
        onProgress(`${name} is back.`);
        return;
      } catch (error) {
        if (!stopping) onProgress(`${error instanceof Error ? error.message : error}`);
      }
    }
  }

  return {
    name,
    logFile,
    pid: () => (child && child.exitCode === null && child.signalCode === null ? child.pid : undefined),
    async start() {
      stopping = false;
      pauseMs = 0;
      mkdirSync(dirname(record), { recursive: true });
      mkdirSync(dirname(logFile), { recursive: true });
      if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`);
      await launch();
    },
    async stop() {
      stopping = true;
      wake.now();
      signal(stopSignal);
      const timer = setTimeout(() => signal("SIGKILL"), stopWithinMs);
      await exited;
      clearTimeout(timer);
    },
    kill: signal,
  };
}

/** @param {import("node:child_process").ChildProcess} child */
function ending(child) {
  return child.signalCode ?? `exit code ${child.exitCode}`;
}

/**
 * The end of a log, for a message to people.
 * @param {string} logFile
 */
function lastLines(logFile) {
  if (!existsSync(logFile)) return "";
  const lines = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-15);
  return `${lines.map((line) => `    ${line}`).join("\n")}\n    (${logFile})`;
}

/**
 * Whether something accepts TCP connections there.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function accepts(port) {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    const answer = (/** @type {boolean} */ yes) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });
}
