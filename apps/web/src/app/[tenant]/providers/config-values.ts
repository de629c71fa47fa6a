/** The parts of a provider's JSON schema that a form is drawn from. */
export interface SettingSchema {
  type?: string;
  title?: string;
  description?: string;
  default?: unknown;
  enum?: readonly string[];
  /** A secret: shown as its last four characters. */
  writeOnly?: boolean;
  /** Pasted from a file: PEM or JSON. */
  contentMediaType?: string;
  /** Few need it. */
  advanced?: boolean;
  properties?: Record<string, SettingSchema>;
  required?: readonly string[];
}

type Value = string | boolean | null;
/** Settings as the form's fields hold them. Of a secret: empty keeps what is stored, null removes it. */
export type ConfigValues = Record<string, Value | Record<string, Value>>;

/** Something that is wrong before it is sent; shaped like a refusal of the server's. */
export class WrongSettings extends Error {
  readonly data: { errors: { pointer: string; message: string }[] };
  constructor(errors: { pointer: string; message: string }[]) {
    super("Mend what is marked.");
    this.data = { errors };
  }
}

export const isJsonFile = ({ contentMediaType }: SettingSchema) => contentMediaType === "application/json";
export const isGroup = (schema: SettingSchema) => schema.properties !== undefined && !isJsonFile(schema);
/** What is stored stays unless it is given anew. */
export const isKept = (schema: SettingSchema) => schema.writeOnly === true || isJsonFile(schema);

/** What fields begin with. @param shown the stored settings with secrets masked; null for a new account */
export function initialValues(schema: SettingSchema, shown: Record<string, unknown> | null): ConfigValues {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, inner]) => {
      const stored = shown?.[name];
      if (isGroup(inner)) return [name, initialValues(inner, (stored ?? null) as null) as Record<string, Value>];
      if (isKept(inner)) return [name, ""];
      const value = stored ?? (shown ? undefined : inner.default);
      return [name, inner.type === "boolean" ? Boolean(value ?? inner.default) : String(value ?? "")];
    }),
  );
}

/**
 * Settings as the server takes them, from what was filled in: an account's own are only changed where they were.
 * @throws {WrongSettings}
 */
export function configOf(
  schema: SettingSchema,
  values: ConfigValues,
  shown: Record<string, unknown> | null,
): Record<string, unknown> {
  const errors: { pointer: string; message: string }[] = [];
  const config = readGroup(schema, values, shown, "/config", errors);
  if (errors.length > 0) throw new WrongSettings(errors);
  return config;
}

function readGroup(
  schema: SettingSchema,
  values: ConfigValues,
  shown: Record<string, unknown> | null,
  at: string,
  errors: { pointer: string; message: string }[],
): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    const pointer = `${at}/${name}`;
    const stored = shown?.[name];
    const isRequired = schema.required?.includes(name) === true;
    const value = isGroup(inner)
      ? readInnerGroup(inner, values[name] as Record<string, Value>, stored as Record<string, unknown>, pointer, errors)
      : readOne(inner, values[name] as Value, stored, pointer, errors);
    if (value !== undefined) config[name] = value;
    if (isRequired && (value === null || (value === undefined && stored === undefined)))
      errors.push({ pointer, message: "Fill this in." });
  }
  return config;
}

/** @returns undefined to leave it as it is, null to remove it */
function readOne(
  schema: SettingSchema,
  value: Value,
  stored: unknown,
  pointer: string,
  errors: { pointer: string; message: string }[],
): unknown {
  if (value === null) return null;
  if (schema.type === "boolean") return value === (stored ?? schema.default ?? false) ? undefined : value;
  const text = String(value).trim();
  if (text === "") return isKept(schema) || stored === undefined ? undefined : null;
  if (schema.type === "integer" || schema.type === "number") {
    const number = Number(text);
    if (Number.isNaN(number)) errors.push({ pointer, message: "Must be a number." });
    return number === stored ? undefined : number;
  }
  if (isJsonFile(schema)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      errors.push({ pointer, message: "This is no JSON: paste the whole file." });
      return undefined;
    }
  }
  return text === stored ? undefined : text;
}

/** A group is stored as a whole, so a change of one setting needs its secrets again. */
function readInnerGroup(
  schema: SettingSchema,
  values: Record<string, Value>,
  stored: Record<string, unknown> | undefined,
  pointer: string,
  errors: { pointer: string; message: string }[],
): unknown {
  const wrong: { pointer: string; message: string }[] = [];
  const changes = readGroup(schema, values, stored ?? null, pointer, wrong);
  if (Object.keys(changes).length === 0) return undefined;
  const isEmptied = Object.values(values).every(
    (value) => value === "" || value === null || typeof value === "boolean",
  );
  if (stored && isEmptied && Object.values(changes).every((value) => value === null)) return null;
  errors.push(...wrong);
  for (const [name, inner] of Object.entries(schema.properties ?? {}))
    if (isKept(inner) && stored?.[name] !== undefined && changes[name] === undefined)
      errors.push({ pointer: `${pointer}/${name}`, message: "Give it again, because what stands beside it changes." });
  return Object.fromEntries(Object.entries({ ...stored, ...changes }).filter(([, value]) => value !== null));
}
