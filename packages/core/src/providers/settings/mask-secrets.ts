import type { Provider } from "@tidings/channels/provider";
import { type ConfigSchema, configSchemaOf, settingsOf } from "./config-schema";

const dots = "••••";
/** Of a shorter secret, four characters would give away too much. */
const shortestShown = 12;

/** `••••` and the last four characters; of a key in PEM form, of what it holds. */
function maskOf(secret: string): string {
  const held = secret.replace(/-----[^-]+-----/g, "").replace(/\s/g, "");
  return held.length < shortestShown ? dots : dots + held.slice(-4);
}

/** A config as it may be shown: a secret is its mask, and what the provider's schema does not know is left out. */
export function maskSecrets(provider: Provider, config: unknown): Record<string, unknown> {
  return masked(configSchemaOf(provider), config) as Record<string, unknown>;
}

function masked({ properties, writeOnly }: ConfigSchema, value: unknown): unknown {
  if (writeOnly) return maskOf(String(value));
  if (!properties) return value;
  const shown = Object.entries(value as Record<string, unknown>).flatMap(([name, inner]) => {
    const schema = properties[name];
    return schema && inner !== undefined ? [[name, masked(schema, inner)]] : [];
  });
  return Object.fromEntries(shown);
}

/** A provider's words without the secrets they may repeat. */
export function withoutSecrets(provider: Provider, config: unknown, words: string): string {
  const secrets = settingsOf(configSchemaOf(provider), config).filter(({ schema }) => schema.writeOnly);
  return secrets.reduce((text, { value }) => text.replaceAll(String(value), () => maskOf(String(value))), words);
}
