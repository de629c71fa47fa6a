import type { Provider } from "@tidings/channels/provider";
import { z } from "zod";

/** The parts of a JSON schema that are looked at here. */
export interface ConfigSchema {
  properties?: Record<string, ConfigSchema>;
  /** `hostname` and `uri` are where an account leads to. */
  format?: string;
  /** A secret: never shown. */
  writeOnly?: boolean;
}

/** One setting of a config, by the names that lead to it. */
export interface Setting {
  path: readonly string[];
  schema: ConfigSchema;
  value: unknown;
}

const known = new WeakMap<Provider, ConfigSchema & Record<string, unknown>>();

/** The JSON schema of a provider's settings, as they are given. */
export function configSchemaOf(provider: Provider): ConfigSchema & Record<string, unknown> {
  const made =
    known.get(provider) ?? (z.toJSONSchema(provider.config, { io: "input" }) as ConfigSchema & Record<string, unknown>);
  known.set(provider, made);
  return made;
}

/** Every setting of a config that is no object itself. What the schema does not know is left out. */
export function settingsOf(schema: ConfigSchema, value: unknown, path: readonly string[] = []): Setting[] {
  if (value === undefined) return [];
  if (!schema.properties) return [{ path, schema, value }];
  return Object.entries(schema.properties).flatMap(([name, inner]) =>
    settingsOf(inner, (value as Record<string, unknown>)[name], [...path, name]),
  );
}
