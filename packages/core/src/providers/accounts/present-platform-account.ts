import { providers } from "@tidings/channels/registry";
import { builtInAccounts, type PlatformAccount } from "./platform-accounts";

/** An account of the platform as tenants see it: that it is there, and nothing of its settings. */
export interface PublicPlatformAccount {
  id: string;
  provider: string;
  /** The provider's. */
  name: string;
  channels: readonly string[];
  /** Needs no credentials, so every tenant has it. */
  isBuiltIn: boolean;
}

const builtIn = new Set(builtInAccounts.map(({ id }) => id));

/** What tenants see of an account that the operator set up for all of them. */
export function presentPlatformAccount({ id, provider }: PlatformAccount): PublicPlatformAccount {
  const { name = provider, channels = [] } = providers.get(provider) ?? {};
  return { id, provider, name, channels, isBuiltIn: builtIn.has(id) };
}
