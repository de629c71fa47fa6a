import type { Provider } from "@tidings/channels/provider";
import { Refusal } from "@tidings/shared/refusals";
import { type CreateAccountBody, tenantProviders } from "./account-schemas";

/**
 * The provider of an account.
 * @throws {Refusal} `conflict` for one that this release does not know: a newer or an older one made the account
 */
export function providerOf(id: string): Provider {
  const provider = tenantProviders.get(id);
  if (!provider)
    throw new Refusal(
      "conflict",
      `This release does not know the provider “${id}”: disable the account, or delete it.`,
    );
  return provider;
}

/**
 * The channels an account is to serve: all of its provider's unless told.
 * @throws {Refusal} `invalid_body` for one that its provider does not serve
 */
export function channelsOf(provider: Provider, wanted: readonly string[] = provider.channels): string[] {
  const faults = wanted.flatMap((channel, index) =>
    provider.channels.includes(channel)
      ? []
      : [{ pointer: `/channels/${index}`, message: `is not served by ${provider.name}` }],
  );
  if (faults.length > 0) throw new Refusal("invalid_body", "The provider does not serve every channel.", { faults });
  return [...wanted];
}

/** A rate as its columns. */
export function rateOf(rate: NonNullable<CreateAccountBody["rate"]> | null) {
  if (!rate) return { perSecond: null, burst: null };
  const { perSecond, burst = Math.ceil(perSecond) } = rate;
  return { perSecond, burst };
}
