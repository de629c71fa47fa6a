import { describe, expect, it } from "vitest";
import { createLogger, type Logger } from "./logger";

function capture(write: (log: Logger) => void): { text: string; line: Record<string, never> } {
  let text = "";
  const destination = {
    write(line: string) {
      text += line;
    },
  };
  write(createLogger({ name: "tidings-test", level: "info", destination }));
  return { text, line: JSON.parse(text) };
}

const canary = "c4n4ry";

describe("logger", () => {
  it.each([
    ["a field", { email: canary }],
    ["a field of a field", { recipient: { id: "r1", phone: canary } }],
    ["an object as content", { content: { html: canary, text: canary } }],
    ["deep in a list", { deliveries: [{ message: { parts: [{ to: canary }] } }] }],
    [
      "credentials",
      { apiKey: canary, account: { config: { authToken: canary } }, request: { headers: { x: canary } } },
    ],
    ["something that describes itself", { template: { toJSON: () => ({ data: { name: canary } }) } }],
    [
      "what an error carries",
      { err: Object.assign(new Error("no"), { config: canary, response: { request: canary } }) },
    ],
    [
      "what an error's cause carries",
      { err: new Error("no", { cause: Object.assign(new Error("no"), { to: canary }) }) },
    ],
    ["an address in an error", { err: new Error(`550 <${canary}@example.com>: no such user`) }],
    ["credentials of a URL", { err: new Error(`cannot reach redis://user:${canary}@cache:6379/0`) }],
  ])("never writes a secret: %s", (_where, fields) => {
    expect(capture((log) => log.info(fields, "x")).text).not.toContain(canary);
  });

  it("never writes a secret a child logger was given", () => {
    expect(capture((log) => log.child({ token: canary }).info("x")).text).not.toContain(canary);
  });

  it("never writes an address in the message itself", () => {
    const { line } = capture((log) => log.error(new Error("ana@example.com at +5511987654321 is unknown")));
    expect(line.msg).toBe("[redacted] at [redacted] is unknown");
  });

  it("writes ids, counts and times as they are", () => {
    const at = new Date(0);
    const { line } = capture((log) => log.info({ tenantId: "t1", depth: { email: 3 }, at, offset: "17-1" }, "x"));
    expect(line).toMatchObject({
      name: "tidings-test",
      tenantId: "t1",
      depth: { email: 3 },
      at: at.toJSON(),
      offset: "17-1",
    });
  });

  it("keeps an error's stack, code and causes", () => {
    const cause = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    const { line } = capture((log) => log.error({ err: new TypeError("failed", { cause }) }, "x"));
    expect(line.err).toMatchObject({
      type: "TypeError",
      message: "failed",
      stack: expect.stringContaining("logger.test.ts"),
      cause: { message: "refused", code: "ECONNREFUSED" },
    });
  });

  it("survives an error that is its own cause", () => {
    const err = new Error("loop");
    err.cause = err;
    expect(capture((log) => log.error({ err }, "x")).text).toContain("loop");
  });
});
