import { describe, expect, it } from "vitest";
import { z } from "zod";
import { EnvError, readEnv } from "./read-env";

const schema = z.object({
  DATABASE_URL: z.url().meta({ description: "where Postgres is", example: "postgres://localhost:5432/tidings" }),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000).meta({ example: 3000 }),
  SECRET: z.string().min(32),
  LOG_LEVEL: z.enum(["info", "debug"]).optional(),
});

function refusal(source: Record<string, string>): EnvError {
  try {
    readEnv(schema, source);
  } catch (err) {
    if (err instanceof EnvError) return err;
    throw err;
  }
  throw new Error("was accepted");
}

describe("readEnv", () => {
  it("reads settings, takes defaults and leaves the rest of the environment alone", () => {
    const env = readEnv(schema, { DATABASE_URL: "postgres://x/y", SECRET: "s".repeat(32), PORT: "81", PATH: "/bin" });
    expect(env).toEqual({ DATABASE_URL: "postgres://x/y", SECRET: "s".repeat(32), PORT: 81 });
  });

  it("takes an empty string as not set", () => {
    const env = readEnv(schema, { DATABASE_URL: "postgres://x/y", SECRET: "s".repeat(32), PORT: "", LOG_LEVEL: "" });
    expect(env).toMatchObject({ PORT: 3000 });
  });

  it("lists every variable that is wrong, with what it is and an example", () => {
    const { message, variables } = refusal({ PORT: "http", LOG_LEVEL: "loud", SECRET: "" });
    expect(variables).toEqual(["DATABASE_URL", "PORT", "SECRET", "LOG_LEVEL"]);
    expect(message.split("\n")).toEqual([
      "The environment is not complete:",
      "  DATABASE_URL: is not set (where Postgres is, e.g. DATABASE_URL=postgres://localhost:5432/tidings)",
      "  PORT: Invalid input: expected number, received NaN (e.g. PORT=3000)",
      "  SECRET: is not set",
      '  LOG_LEVEL: Invalid option: expected one of "info"|"debug"',
    ]);
  });

  it("never shows a value, which may be a secret", () => {
    expect(refusal({ DATABASE_URL: "c4n4ry", SECRET: "c4n4ry" }).message).not.toContain("c4n4ry");
  });
});
