import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** @typedef {{ uid: number, gid: number }} SystemUser */

/**
 * The folder where a server that refuses to run as root keeps its data.
 * It is `<dir>/postgres`, unless we are root and the user it runs as may not enter `dir`: then it lies under /var/tmp
 * and `<dir>/postgres-home` says where.
 * @param {string} dir absolute
 * @returns {{ home: string, user?: SystemUser }} `user` when we are root: whom to run as
 */
export function enterableHome(dir) {
  mkdirSync(dir, { recursive: true });
  const inside = join(dir, "postgres");
  if (process.getuid?.() !== 0) {
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    return { home: inside };
  }
  const user = postgresUser();
  const home = canEnter(user, dir) ? inside : outside(dir, user);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chownSync(home, user.uid, user.gid);
  return { home, user };
}

/** @returns {SystemUser} */
function postgresUser() {
  const id = (/** @type {string} */ flag) =>
    Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8", stdio: "pipe" }));
  try {
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    execFileSync("useradd", [
      "--system",
      "--user-group",
      "--no-create-home",
      "--shell",
      "/usr/sbin/nologin",
      "postgres",
    ]);
    return { uid: id("-u"), gid: id("-g") };
  }
}

/**
 * @param {SystemUser} user
 * @param {string} dir
 */
function canEnter(user, dir) {
  return spawnSync("/bin/sh", ["-c", 'cd "$0"', dir], { ...user, cwd: "/" }).status === 0;
}

/**
 * A folder under /var/tmp that belongs to `dir`. Those of a state directory that was deleted are deleted with it.
 * @param {string} dir
 * @param {SystemUser} user
 */
function outside(dir, user) {
  const pointer = join(dir, "postgres-home");
  if (existsSync(pointer)) return readFileSync(pointer, "utf8");
  const prefix = `tidings-${createHash("sha256").update(dir).digest("hex").slice(0, 12)}-`;
  for (const name of readdirSync("/var/tmp")) {
    const left = join("/var/tmp", name);
    if (name.startsWith(prefix) && statSync(left).uid === user.uid) rmSync(left, { recursive: true });
  }
  const home = mkdtempSync(join("/var/tmp", prefix));
  writeFileSync(pointer, home);
  return home;
}
