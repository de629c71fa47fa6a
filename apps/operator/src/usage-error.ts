import { faultsOf } from "@tidings/core/faults-of";
import type { z } from "zod";

/** The command was called in a way it can't be. Its message is for whoever typed it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Options as a verb takes them.
 * @param input named like the options, in camel case
 * @throws {UsageError} naming each option that is wrong
 */
export function readOptions<Schema extends z.ZodType>(schema: Schema, input: z.input<Schema>): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const lines = faultsOf(result.error).map(({ pointer, message }) => {
    const name = (pointer.split("/")[1] ?? "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return `--${name}: ${message}`;
  });
  throw new UsageError(lines.join("\n"));
}

/**
 * A whole number from the command line.
 * @throws {UsageError} when it is not one
 */
export function readWholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${option}: must be a whole number`);
  return Number(text);
}
