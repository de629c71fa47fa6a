import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";

/** Runs `body` in a process of its own, with `shutdown` at hand; at the line "ready" it gets `signals`. */
async function run(body: string, signals: NodeJS.Signals[] = []) {
  const script = `
    import { createLogger } from "./logger.ts";
    import { createShutdown } from "./shutdown.ts";
    const logger = createLogger({ name: "t", level: "info" });
    const shutdown = createShutdown({ logger, timeoutMs: 500 });
    setInterval(() => {}, 1e9);
    ${body}
    logger.info("ready");`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: { msg: string; closed?: string; unfinished?: string[]; err?: { message: string } }[] = [];
  createInterface(child.stdout).on("line", (text) => {
    const line = JSON.parse(text);
    lines.push(line);
    if (line.msg === "ready") for (const signal of signals) child.kill(signal);
  });
  const [code] = await once(child, "close");
  return { code, lines, closed: lines.flatMap(({ closed }) => closed ?? []), said: lines.map(({ msg }) => msg) };
}

describe.concurrent("shutdown", () => {
  it("closes in reverse order, waiting for each, and exits 0", async () => {
    const { code, closed } = await run(
      `shutdown.add("database", () => {});
       shutdown.add("consumer", () => new Promise((resolve) => setTimeout(resolve, 50)));`,
      ["SIGTERM"],
    );
    expect({ code, closed }).toEqual({ code: 0, closed: ["consumer", "database"] });
  });

  it("closes once however many signals come", async () => {
    const { code, closed, said } = await run(
      `shutdown.add("slow", () => new Promise((resolve) => setTimeout(resolve, 100)));`,
      ["SIGINT", "SIGTERM", "SIGINT"],
    );
    expect({ code, closed }).toEqual({ code: 0, closed: ["slow"] });
    expect(said.filter((msg) => msg === "shutting down")).toHaveLength(1);
  });

  it("names what has not closed in time and exits 1", async () => {
    const { code, lines } = await run(
      `shutdown.add("database", () => {}); shutdown.add("stuck", () => new Promise(() => {}));`,
      ["SIGTERM"],
    );
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ msg: "shutdown took too long", unfinished: ["stuck", "database"] });
  });

  it("closes the rest when one closer fails, and exits 1", async () => {
    const { code, closed, said } = await run(
      `shutdown.add("database", () => {}); shutdown.add("broken", () => { throw new Error("no"); });`,
      ["SIGTERM"],
    );
    expect({ code, closed }).toEqual({ code: 1, closed: ["database"] });
    expect(said).toContain("could not close");
  });

  it.each([
    ["uncaughtException", `setTimeout(() => { throw new Error("bug"); });`],
    ["unhandledRejection", `setTimeout(() => Promise.reject(new Error("bug")));`],
  ])("logs an %s, closes everything and exits 1", async (kind, body) => {
    const { code, closed, lines } = await run(`shutdown.add("database", () => {}); ${body}`);
    expect({ code, closed }).toEqual({ code: 1, closed: ["database"] });
    expect(lines.find(({ msg }) => msg === kind)?.err?.message).toBe("bug");
  });

  it("tells at once that it is shutting down", async () => {
    const { said } = await run(
      `shutdown.signal.addEventListener("abort", () => logger.info("told"));
       shutdown.add("database", () => {});`,
      ["SIGTERM"],
    );
    expect(said.indexOf("told")).toBeLessThan(said.indexOf("closed"));
    expect(said).toContain("told");
  });
});
