import { providers } from "@tidings/channels/registry";
import { z } from "zod";
import { faultsOf } from "../../faults-of";

/** A provider account the operator set up for all tenants. */
export interface PlatformAccount {
  /** Names the account wherever it is kept: in its receipts' URL, what it sent, its circuit. No other one has it. */
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

/** Named by us: the built-in accounts, and what test keys send by. */
const takenIds: ReadonlySet<string> = new Set([...builtInAccounts.map(({ id }) => id), "sandbox"]);

/**
 * The platform's accounts from their JSON, `[{ "provider": "smtp", "config": { … } }]`, in order of preference, each
 * checked against its provider's schema; and those that need no credentials. Without an `id` an account has its
 * provider's: never one of its position, as what an account is known by must not move when another is added.
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
    const checked = accounts.map(({ provider, id = provider, config, rate }) => {
      const parsed = providers.get(provider)?.config.safeParse(config);
      for (const fault of parsed?.error ? faultsOf(parsed.error) : []) {
        context.addIssue({ code: "custom", message: `${provider}, config${fault.pointer}: ${fault.message}` });
      }
      return { id, provider, config: parsed?.data, rate: rate ?? null };
    });
    for (const message of clashesOf(checked.map(({ id }) => id))) context.addIssue({ code: "custom", message });
    return [...checked, ...builtInAccounts];
  })
  .prefault("[]")
  .meta({ description: "The platform's provider accounts, as JSON", example: '[{"provider":"smtp","config":{…}}]' });

/** @returns a sentence about each id that would not name one account alone; accounts are counted from 1 */
function clashesOf(ids: readonly string[]): string[] {
  return [...new Set(ids)].flatMap((id) => {
    const numbers = ids.flatMap((other, index) => (other === id ? [index + 1] : []));
    const names = `accounts ${numbers.join(" and ")}`;
    if (numbers.length > 1) return [`${names} would be called ${id}: each needs an "id" of its own`];
    return takenIds.has(id) ? [`account ${numbers} would be called ${id}, as a built-in one is: it needs an "id"`] : [];
  });
}
