import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { endAtExit } from "./children.mjs";

/**
 * Where a command lies in PATH.
 * @param {string} name
 * @returns {string | undefined}
 */
export function findCommand(name) {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions & { input?: string }} [options]
 * @returns {Promise<{ ok: boolean, stdout: string, output: string }>} `output` is stdout and stderr as they came
 */
export function run(command, args, { input, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ["pipe", "pipe", "pipe"] });
    endAtExit(child, () => child.kill());
    let stdout = "";
    let output = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr.on("data", (chunk) => (output += chunk));
    child.once("error", (error) => resolve({ ok: false, stdout, output: error.message }));
    child.once("close", (code) => resolve({ ok: code === 0, stdout, output }));
    child.stdin.on("error", () => {}); // it ended without reading: its exit code tells why
    child.stdin.end(input);
  });
}

/**
 * Runs a command that has to succeed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions & { input?: string }} [options]
 * @returns {Promise<string>} its stdout
 * @throws {Error} with what it printed
 */
export async function mustRun(command, args, options) {
  const { ok, stdout, output } = await run(command, args, options);
  if (!ok) throw new Error(`${[command, ...args].join(" ")} failed:\n${output.trim()}`);
  return stdout;
}
