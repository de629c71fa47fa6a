import { z } from "zod";

/** The environment is not one the process can run with. Its message is for a person at a terminal. */
export class EnvError extends Error {
  override readonly name = "EnvError";

  /** @param variables the variables at fault, in the order of the schema */
  constructor(
    message: string,
    readonly variables: readonly string[],
  ) {
    super(message);
  }
}

/**
 * Reads a process's settings from strings, once, at its start. An empty string counts as not set.
 * Give a variable `.meta({ description, example })` as its last step, and the message shows both when it is wrong.
 * @throws {EnvError} listing every variable that is wrong; it never shows the value that was given, which may be a secret
 */
export function readEnv<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  source: Readonly<Record<string, string | undefined>>,
): z.output<z.ZodObject<Shape>> {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const result = schema.safeParse(given);
  if (result.success) return result.data;

  const faults = new Map<string, string[]>();
  for (const { path, message } of result.error.issues) {
    const variable = String(path[0] ?? "");
    const sentence = variable !== "" && !(variable in given) ? "is not set" : message;
    faults.set(variable, [...(faults.get(variable) ?? []), sentence]);
  }
  const lines = [...faults].map(([variable, sentences]) => {
    const { description, example } = metaOf(schema.shape[variable]);
    const hint = [description, example === undefined ? "" : `e.g. ${variable}=${example}`].filter(Boolean).join(", ");
    return `  ${variable === "" ? "" : `${variable}: `}${sentences.join("; ")}${hint ? ` (${hint})` : ""}`;
  });
  throw new EnvError(`The environment is not complete:\n${lines.join("\n")}`, [...faults.keys()]);
}

function metaOf(schema: unknown): { description?: string; example?: string } {
  const meta = schema instanceof z.ZodType ? schema.meta() : undefined;
  return {
    ...(meta?.description !== undefined && { description: meta.description }),
    ...(meta?.example !== undefined && { example: String(meta.example) }),
  };
}
