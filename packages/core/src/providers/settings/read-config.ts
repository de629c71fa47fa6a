import { outboundGuard } from "@tidings/channels/outbound-guard";
import type { Provider, ProviderContext } from "@tidings/channels/provider";
import { type Fault, Refusal } from "@tidings/shared/refusals";
import { escapePointer } from "@tidings/shared/text";
import { refusalOf } from "../../endpoints/check-url";
import { faultsOf } from "../../faults-of";
import { configSchemaOf, type Setting, settingsOf } from "./config-schema";

/**
 * A tenant's config, checked by its provider's schema, and each host and URL in it by the outbound guard, which checks
 * them again at every connection.
 * @throws {Refusal} `invalid_body`, pointing below `/config`
 */
export async function readConfig(
  provider: Provider,
  given: unknown,
  { outboundAllow }: ProviderContext,
): Promise<Record<string, unknown>> {
  const parsed = provider.config.safeParse(given);
  if (!parsed.success) throw refusal(provider, faultsOf(parsed.error, "/config"));
  const config = parsed.data as Record<string, unknown>;
  const guard = outboundGuard(outboundAllow);
  const checked = destinationsOf(provider, config).map(async (setting): Promise<Fault[]> => {
    const message = await refusalOf(guard, urlOf(setting));
    return message === null ? [] : [{ pointer: pointerOf(setting), message }];
  });
  const faults = (await Promise.all(checked)).flat();
  if (faults.length > 0) throw refusal(provider, faults);
  return config;
}

/** The settings that say where an account leads to. */
export function destinationsOf(provider: Provider, config: unknown): Setting[] {
  return settingsOf(configSchemaOf(provider), config).filter(
    ({ schema: { format } }) => format === "uri" || format === "hostname",
  );
}

/** The refusal of settings. */
export function refusal(provider: Provider, faults: readonly Fault[]): Refusal {
  return new Refusal("invalid_body", `These are no settings of an account at ${provider.name}.`, { faults });
}

/** Where a setting stands in a request's body. */
export function pointerOf({ path }: Setting): string {
  return ["", "config", ...path].map((name) => escapePointer(name)).join("/");
}

function urlOf({ schema, value }: Setting): string {
  const text = String(value);
  if (schema.format === "uri") return text;
  return `http://${text.includes(":") ? `[${text}]` : text}`;
}
