import { inspect } from "node:util";
import { isUnavailable } from "@tidings/core/postgres-errors";
import { EnvError } from "@tidings/runtime/read-env";
import { Refusal } from "@tidings/shared/refusals";
import { UsageError } from "./usage-error";

/** What kept a command from being done. */
export interface Explanation {
  /** In words for a person; only a bug shows its stack. */
  text: string;
  /** 1: refused or failed. 2: called wrongly, or settings are missing. */
  exitCode: 1 | 2;
}

/** Says what went wrong, and what to do about it where that is known. */
export function explainError(error: unknown): Explanation {
  if (!(error instanceof Error)) return { text: String(error), exitCode: 1 };
  // citty does not export the class of its complaints about arguments.
  if (error instanceof UsageError || error.name === "CLIError")
    return { text: `${error.message}\nSee --help.`, exitCode: 2 };
  if (error instanceof EnvError) return { text: error.message, exitCode: 2 };
  return { text: explainFailure(error), exitCode: 1 };
}

function explainFailure(error: Error): string {
  if (error instanceof Refusal) {
    return [error.message, ...error.faults.map(({ pointer, message }) => `  ${pointer} ${message}`)].join("\n");
  }
  // Prisma's messages begin with the code that called it.
  if (isUnavailable(error)) return `Postgres does not answer: ${error.message.trim().split("\n").at(-1)}`;
  if (isUnmigrated(error)) return "The database is not up to date: run the command migrate first.";
  return inspect(error); // with its stack and its causes
}

/** A table or a column is missing: https://www.prisma.io/docs/orm/reference/error-reference */
function isUnmigrated(error: Error): boolean {
  return "code" in error && (error.code === "P2021" || error.code === "P2022");
}
