import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

function start(env: Record<string, string>): { child: ChildProcess; said: () => string } {
  let output = "";
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", main], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { ...process.env, ...env },
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
  return { child, said: () => output };
}

test("the mailbox says where it is, serves, carries its title, and stops when told", async () => {
  const { child, said } = start({ MAILBOX_PORT: "0", MAILBOX_SMTP_PORT: "0" });
  await expect.poll(said, { timeout: 15_000 }).toContain("ready");
  const [, url = ""] = /ready: (http:\S+),/.exec(said()) ?? [];
  expect((await fetch(url)).status).toBe(200);
  if (process.platform === "linux") {
    expect(readFileSync(`/proc/${child.pid}/cmdline`, "utf8")).toContain("tidings-mailbox");
  }
  const events = await fetch(`${url}/events`); // a browser that looks on keeps nothing alive
  child.kill("SIGTERM");
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
  await events.body?.cancel().catch(() => {});
});

test("a taken port is said in one sentence", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  const { child, said } = start({ MAILBOX_PORT: String(port), MAILBOX_SMTP_PORT: "0" });
  const [code] = await once(child, "exit");
  expect([code, said()]).toEqual([1, `tidings-mailbox: port ${port} is taken\n`]);
  taken.close();
});
