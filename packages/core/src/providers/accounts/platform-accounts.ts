import { providers } from "@tidings/channels/registry";
import { z } from "zod";
import { faultsOf } from "../../faults-of";

/** A provider account the operator set up for all tenants. */
export interface PlatformAccount {
  /** Names the account in logs and limits. */
  id: string;
  provider: string;
  config: unknown;
  /** Deliveries a second that its sender may send over all tenants, and how many at once after a pause. */
  rate: { perSecond: number; burst: number } | null;
}

const accountSchema = z.strictObject({
  id: z.string().min(1).max(64).optional(),
  provider: z.enum([...providers.keys()] as [string, ...string[]]),
  config: z.record(z.string(), z.unknown()).default({}),
  rate: z.strictObject({ perSecond: z.number().positive(), burst: z.int().positive() }).optional(),
});

/** Providers that need no credentials: every installation has them. */
export const builtInAccounts: readonly PlatformAccount[] = [
  { id: "in_app", provider: "in_app", config: {}, rate: null },
  { id: "webhook", provider: "webhook", config: {}, rate: null },
  { id: "slack", provider: "slack", config: {}, rate: null },
  { id: "discord", provider: "discord", config: {}, rate: null },
  { id: "teams", provider: "teams", config: {}, rate: null },
];

/**
 * The platform's accounts from their JSON, `[{ "provider": "smtp", "config": { … } }]`, in order of preference, each
 * checked against its provider's schema; and those that need no credentials.
 */
export const platformAccounts = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: "must be JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.array(accountSchema))
  .transform((accounts, context): PlatformAccount[] => {
    const checked = accounts.map(({ id, provider, config, rate }, index) => {
      const parsed = providers.get(provider)?.config.safeParse(config);
      for (const fault of parsed?.error ? faultsOf(parsed.error) : []) {
        context.addIssue({ code: "custom", message: `${provider}, config${fault.pointer}: ${fault.message}` });
      }
      return { id: id ?? `${provider}-${index + 1}`, provider, config: parsed?.data, rate: rate ?? null };
    });
    return [...checked, ...builtInAccounts];
  })
  .prefault("[]")
  .meta({ description: "The platform's provider accounts, as JSON", example: '[{"provider":"smtp","config":{…}}]' });
