import { explainPrintError, type LiquidKind, type LiquidScope, type PrintFailure, parseLiquid } from "./liquid";

/** Why a field of a message could not be rendered: thrown from within a compiled field, caught where the message is rendered. */
export class FieldFailure extends Error {
  override readonly name = "FieldFailure";

  constructor(
    /** The field, such as `data.items[0]`. */
    readonly field: string,
    readonly failure: PrintFailure,
  ) {
    super(failure.message);
  }
}

/** Renders one field within a message's scope. Text without Liquid is kept as it is, as is what isn't text. */
export type CompiledField = (scope: LiquidScope) => unknown;

/**
 * Parses a field of any depth once, so that rendering it only prints.
 * @param path of the field, for the words of a failure
 */
export function compileField(value: unknown, path: string, kind: LiquidKind): CompiledField {
  if (typeof value === "string") return compileText(value, path, kind);
  if (Array.isArray(value)) {
    const items = value.map((item, position) => compileField(item, `${path}[${position}]`, kind));
    return (scope) => items.map((item) => item(scope));
  }
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(
      ([key, inner]) => [key, compileField(inner, `${path}.${key}`, kind)] as const,
    );
    // fromEntries makes own properties, even of `__proto__`.
    return (scope) => Object.fromEntries(fields.map(([key, field]) => [key, field(scope)]));
  }
  return () => value;
}

function compileText(source: string, path: string, kind: LiquidKind): CompiledField {
  if (!source.includes("{{") && !source.includes("{%")) return () => source;
  const result = parseLiquid(source, kind);
  if (!result.ok) {
    return () => {
      throw new FieldFailure(path, result);
    };
  }
  return (scope) => {
    try {
      return scope.print(result.parsed, kind);
    } catch (error) {
      throw new FieldFailure(path, explainPrintError(error));
    }
  };
}
