import type { Provider, ProviderContext } from "@tidings/channels/provider";
import { Refusal } from "@tidings/shared/refusals";
import { withoutSecrets } from "./mask-secrets";

/** Longest wait for a provider's word on credentials, in milliseconds. */
const timeoutMs = 10_000;

/** Whether a provider has confirmed credentials, and why it has not. */
export interface CredentialCheck {
  checked: boolean;
  checkReason: string | null;
}

/**
 * Asks a provider whether it knows the credentials, where it has a call for that. One that can't be asked refuses nothing.
 * @throws {Refusal} `credentials_refused`, with the provider's words
 */
export async function checkCredentials(
  provider: Provider,
  config: unknown,
  context: ProviderContext,
): Promise<CredentialCheck> {
  if (!provider.check) {
    return { checked: false, checkReason: `${provider.name} has no call for that: send a test message` };
  }
  const check = await provider.check(config, context, AbortSignal.timeout(timeoutMs));
  if (check.kind === "good") return { checked: true, checkReason: null };
  const reason = withoutSecrets(provider, config, check.reason);
  if (check.kind === "unreachable") return { checked: false, checkReason: reason };
  throw new Refusal("credentials_refused", `${provider.name} refused them: ${reason}`, {
    faults: [{ pointer: "/config", message: reason }],
  });
}
