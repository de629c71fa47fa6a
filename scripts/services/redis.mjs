import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { findCommand, mustRun, run } from "./command.mjs";
import { accepts, supervise } from "./supervise.mjs";

/**
 * Starts a Redis that keeps what it was told: append-only file, nothing evicted.
 * @param {object} options
 * @param {string} options.dir state directory
 * @param {number} options.port
 * @param {Record<string, string | number>} [options.settings] of redis.conf, beyond and above those chosen here
 * @param {(message: string) => void} options.onProgress
 * @returns {Promise<{ url: string, process: import("./supervise.mjs").Supervised }>}
 * @throws {Error} a sentence for people, when there is no redis-server and it can't be installed
 */
export async function startRedis({ dir, port, settings: more = {}, onProgress }) {
  const command = findCommand("redis-server") ?? (await install(onProgress));
  const data = resolve(dir, "redis");
  mkdirSync(data, { recursive: true });
  const settings = {
    port,
    bind: "127.0.0.1",
    dir: data,
    appendonly: "yes",
    appendfsync: "everysec",
    save: "",
    "maxmemory-policy": "noeviction",
    // A crash may cut the file in the middle of a command: go on with what is whole.
    "aof-load-truncated": "yes",
    ...more,
  };
  const server = supervise({
    name: "redis",
    dir,
    command,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    isReady: () => accepts(port),
    onProgress,
  });
  await server.start();
  return { url: `redis://127.0.0.1:${port}`, process: server };
}

/**
 * Installs Debian's package.
 * @param {(message: string) => void} onProgress
 * @returns {Promise<string>} the command
 */
async function install(onProgress) {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !findCommand("apt-get"))
    throw new Error(
      "Redis is not installed (no redis-server in PATH). Install it, then run this again:\n" +
        (process.platform === "darwin" ? "  brew install redis" : "  sudo apt-get install -y redis-server"),
    );
  onProgress("installing Redis from Debian: apt-get install redis-server");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-y", "-qq", "--no-install-recommends", "redis-server"];
  if (!(await run("apt-get", install, { env })).ok) {
    await mustRun("apt-get", ["update", "-qq"], { env });
    await mustRun("apt-get", install, { env });
  }
  const command = findCommand("redis-server");
  if (!command) throw new Error("apt-get installed redis-server, but it is not in PATH.");
  return command;
}
