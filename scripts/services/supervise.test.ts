import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isAlive } from "./alive.mjs";
import { freePort } from "./ports.mjs";
import { accepts, type Supervised, supervise } from "./supervise.mjs";

let dir: string;
let port: number;
let told: string[];
let supervised: Supervised | undefined;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "supervise-"));
  port = await freePort();
  told = [];
});
afterEach(async () => {
  await supervised?.stop();
  await rm(dir, { recursive: true });
});

/** A process that runs `script` with `port` at hand, and is ready when that port is listened on. */
function run(script: string, options: { readyWithinMs?: number; stopWithinMs?: number } = {}) {
  const args = ["-e", `const port = ${port};${script}`];
  const isReady = () => accepts(port);
  const onProgress = (message: string) => told.push(message);
  supervised = supervise({ name: "probe", dir, command: process.execPath, args, isReady, onProgress, ...options });
  return supervised;
}
const serve = 'require("node:net").createServer().listen(port, "127.0.0.1");';

describe("a supervised process", () => {
  it("is ready once start resolves, and gone once stop does", async () => {
    const probe = run(serve);
    await probe.start();
    expect(await accepts(port)).toBe(true);
    const record = JSON.parse(readFileSync(join(dir, "run", "probe.json"), "utf8"));
    expect(isAlive(record)).toBe(true);
    await probe.stop();
    expect(isAlive(record)).toBe(false);
    expect(probe.pid()).toBeUndefined();
  });

  it("tells its last words when it ends before it is ready", async () => {
    await expect(run('console.error("no such setting"); process.exit(3);').start()).rejects.toThrow(
      /exit code 3.*\n.*no such setting/,
    );
  });

  it("is not started where another process answers already", async () => {
    const other = createServer().listen(port, "127.0.0.1");
    await once(other, "listening");
    await expect(run(serve).start()).rejects.toThrow("something else listens on its port");
    other.close();
  });

  it("is killed when it is not ready in time", async () => {
    const probe = run("setInterval(() => {}, 1000);", { readyWithinMs: 300 });
    await expect(probe.start()).rejects.toThrow("not ready within 0.3 s");
    await vi.waitFor(() => expect(probe.pid()).toBeUndefined());
  });

  it("comes back after a crash, and says so", async () => {
    const probe = run(serve);
    await probe.start();
    const first = probe.pid();
    probe.kill("SIGKILL");
    await vi.waitFor(() => expect(told).toContain("probe is back."), { timeout: 10_000 });
    expect(probe.pid()).not.toBe(first);
    expect(await accepts(port)).toBe(true);
    expect(told[0]).toContain("probe ended (SIGKILL) and is restarted");
  });

  it("stays down when it is stopped while it waits to be restarted", async () => {
    const probe = run(serve);
    await probe.start();
    probe.kill("SIGKILL");
    await vi.waitFor(() => expect(told.length).toBe(1));
    await probe.stop();
    expect(await accepts(port)).toBe(false);
    expect(told).not.toContain("probe is back.");
  });

  it("is killed when it does not stop in time", async () => {
    const probe = run(`process.on("SIGTERM", () => {});${serve}`, { stopWithinMs: 200 });
    await probe.start();
    await probe.stop();
    expect(await accepts(port)).toBe(false);
  });

  it("can be started again after a stop", async () => {
    const probe = run(serve);
    await probe.start();
    await probe.stop();
    await probe.start();
    expect(await accepts(port)).toBe(true);
  });
});
