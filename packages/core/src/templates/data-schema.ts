import type { Fault } from "@tidings/shared/refusals";
import { escapePointer } from "@tidings/shared/text";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats, { type FormatName } from "ajv-formats";

type Schema = Record<string, unknown>;

const maxDepth = 50;
const reference = /^#\/(\$defs|definitions)\/([^/~%]+)$/;
/** Most subschemas, listed values and required names a schema may come to, references followed. */
const maxSchemaSize = 2_000;
const formats: FormatName[] = [
  "date",
  "time",
  "date-time",
  "duration",
  "email",
  "uri",
  "uuid",
  "hostname",
  "ipv4",
  "ipv6",
];

/** What may stand in a schema, by what its value is. The rest is refused: it could take a request's data hostage. */
const keywords = {
  plain: new Set(
    (
      "type required enum const format title description default examples deprecated readOnly writeOnly $comment $ref " +
      "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems " +
      "minProperties maxProperties minContains maxContains"
    ).split(" "),
  ),
  root: new Set(["$schema", "$id"]),
  schema: new Set("items additionalItems contains additionalProperties propertyNames not if then else".split(" ")),
  list: new Set("allOf anyOf oneOf prefixItems items".split(" ")),
  map: new Set("properties $defs definitions dependentSchemas".split(" ")),
};
const slowKeywords = new Map([
  ["pattern", "a regular expression can take longer than a request may; use format, enum or maxLength"],
  ["patternProperties", "a regular expression can take longer than a request may"],
  ["uniqueItems", "comparing all items can take longer than a request may"],
]);

/**
 * Checks the JSON Schema (2020-12 or draft-07) by which a template's data will be checked.
 * Such a schema comes from a tenant and runs in everybody's process, so it must be valid, and cheap whatever the data is.
 * @returns faults with pointers into the schema
 */
export function checkDataSchema(schema: Schema): Fault[] {
  const faults = [...keywordFaults(schema, "")];
  if (faults.length > 0) return faults;
  const size = sizeOf(schema, schema, new Map());
  if (size === Number.POSITIVE_INFINITY)
    return [{ pointer: "", message: "must not have a $ref that leads back to itself" }];
  if (size > maxSchemaSize) {
    return [
      { pointer: "", message: `comes to ${size} parts, references followed; at most ${maxSchemaSize} are allowed` },
    ];
  }
  try {
    ajvFor(schema, true).compile(schema);
    return [];
  } catch (error) {
    return [{ pointer: "", message: (error as Error).message }]; // Ajv throws nothing but what is wrong with the schema
  }
}

/**
 * Compiles a schema that `checkDataSchema` found nothing wrong with.
 * @returns a check of data, which returns faults with pointers into the data, none when it is good
 */
export function compileDataSchema(schema: Schema): (data: unknown) => Fault[] {
  const validate: ValidateFunction = ajvFor(schema, false).compile(schema);
  return (data) => (validate(data) ? [] : (validate.errors ?? []).flatMap(faultsOfError));
}

function ajvFor({ $schema }: Schema, validateSchema: boolean): Ajv {
  const isDraft7 = typeof $schema === "string" && $schema.includes("draft-07");
  const ajv = new (isDraft7 ? Ajv : Ajv2020)({
    validateSchema,
    verbose: true, // so that an error knows what else its schema requires
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    logger: false,
  });
  return addFormats.default(ajv, { mode: "fast", formats });
}

function faultsOfError({ keyword, instancePath, params, message, parentSchema, data }: ErrorObject): Fault[] {
  if (keyword === "required") {
    const required = (parentSchema?.required ?? []) as string[];
    return required
      .filter((name) => !Object.hasOwn(data as object, name))
      .map((name) => ({ pointer: `${instancePath}/${escapePointer(name)}`, message: "is missing" }));
  }
  if (keyword === "additionalProperties") {
    const { additionalProperty } = params as { additionalProperty: string };
    return [{ pointer: `${instancePath}/${escapePointer(additionalProperty)}`, message: "is not a known field" }];
  }
  return [{ pointer: instancePath, message: message ?? "is not valid" }];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The subschemas that stand directly in a schema, with their pointers; those under `$defs` are used by reference only. */
function* subschemas(schema: Schema, pointer: string): Iterable<{ at: string; value: unknown; isDefinition: boolean }> {
  for (const [keyword, value] of Object.entries(schema)) {
    const at = `${pointer}/${escapePointer(keyword)}`;
    if (keywords.list.has(keyword) && Array.isArray(value)) {
      for (const [position, item] of value.entries())
        yield { at: `${at}/${position}`, value: item, isDefinition: false };
    } else if (keywords.map.has(keyword) && isSchema(value)) {
      const isDefinition = keyword === "$defs" || keyword === "definitions";
      for (const [name, item] of Object.entries(value))
        yield { at: `${at}/${escapePointer(name)}`, value: item, isDefinition };
    } else if (keywords.schema.has(keyword)) yield { at, value, isDefinition: false };
  }
}

function* keywordFaults(schema: unknown, pointer: string, depth = 0): Iterable<Fault> {
  if (!isSchema(schema)) return;
  if (depth > maxDepth) {
    yield { pointer, message: `is nested deeper than ${maxDepth} levels` };
    return;
  }
  if (schema.$ref !== undefined && !reference.test(String(schema.$ref))) {
    yield { pointer: `${pointer}/$ref`, message: "must lead to a definition of this schema, such as #/$defs/address" };
  }
  for (const keyword of Object.keys(schema)) {
    const isKnown = Object.entries(keywords).some(
      ([kind, set]) => set.has(keyword) && (kind !== "root" || pointer === ""),
    );
    if (isKnown) continue;
    const message = slowKeywords.get(keyword) ?? "is not a keyword that a data schema may use";
    yield { pointer: `${pointer}/${escapePointer(keyword)}`, message };
  }
  for (const { at, value } of subschemas(schema, pointer)) yield* keywordFaults(value, at, depth + 1);
}

/** @param sizes of references already followed; infinite for one that is being followed */
function sizeOf(schema: unknown, root: Schema, sizes: Map<string, number>): number {
  if (!isSchema(schema)) return 1;
  const listed = [schema.enum, schema.required].map((list) => (Array.isArray(list) ? list.length : 0));
  let size = 1 + (listed[0] ?? 0) + (listed[1] ?? 0);
  if (typeof schema.$ref === "string") size += sizeOfReference(schema.$ref, root, sizes);
  for (const { value, isDefinition } of subschemas(schema, "")) if (!isDefinition) size += sizeOf(value, root, sizes);
  return size;
}

function sizeOfReference(path: string, root: Schema, sizes: Map<string, number>): number {
  const known = sizes.get(path);
  if (known !== undefined) return known;
  sizes.set(path, Number.POSITIVE_INFINITY);
  const [, home = "", name = ""] = reference.exec(path) ?? [];
  const definitions = root[home];
  const size = isSchema(definitions) ? sizeOf(definitions[name], root, sizes) : 1; // Ajv says that it leads nowhere
  sizes.set(path, size);
  return size;
}
