import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isAlive, startOf } from "./alive.mjs";
import { isTaken, StateDirTaken, takeStateDir } from "./state-dir.mjs";

let dir: string;
const told: string[] = [];
const tell = (message: string) => told.push(message);

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "state-dir-"));
});
afterEach(() => rm(dir, { recursive: true }));

async function sleeper(): Promise<{ pid: number; started: string | undefined }> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore", detached: true });
  await once(child, "spawn");
  const pid = child.pid ?? 0;
  return { pid, started: startOf(pid) };
}

it("has one owner at a time, and names the one it has", async () => {
  const giveBack = await takeStateDir(dir, tell);
  expect(isTaken(dir)).toBe(true);
  await expect(takeStateDir(dir, tell)).rejects.toThrow(new StateDirTaken(dir, process.pid).message);
  giveBack();
  expect(isTaken(dir)).toBe(false);
});

it("can be taken from an owner that died, even when another process has its pid now", async () => {
  mkdirSync(join(dir, "run"));
  writeFileSync(join(dir, "run", "owner.lock"), JSON.stringify({ pid: process.pid, started: "long ago" }));
  (await takeStateDir(dir, tell))();
});

it("goes to one of many that find its owner dead at once", async () => {
  mkdirSync(join(dir, "run"));
  writeFileSync(join(dir, "run", "owner.lock"), JSON.stringify({ pid: process.pid, started: "long ago" }));
  const script = `import { takeStateDir } from ${JSON.stringify(new URL("./state-dir.mjs", import.meta.url).href)};
    await takeStateDir(${JSON.stringify(dir)}, () => {}).then(() => process.send("taken"), () => process.send("refused"));
    process.on("disconnect", () => process.exit());`;
  const rivals = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "inherit", "inherit", "ipc"] }),
  );
  const answers = await Promise.all(rivals.map(async (rival) => (await once(rival, "message"))[0]));
  for (const rival of rivals) rival.disconnect();
  expect(answers.filter((answer) => answer === "taken")).toHaveLength(1);
});

it("ends what a crashed owner left running, and nobody else", async () => {
  const orphan = await sleeper();
  const stranger = await sleeper();
  mkdirSync(join(dir, "run"));
  writeFileSync(join(dir, "run", "redis.json"), JSON.stringify(orphan));
  writeFileSync(join(dir, "run", "kafka.json"), JSON.stringify({ ...stranger, started: "long ago" }));
  (await takeStateDir(dir, tell))();
  expect(isAlive(orphan)).toBe(false);
  expect(isAlive(stranger)).toBe(true);
  expect(told.join()).toContain("redis");
  process.kill(stranger.pid);
});
