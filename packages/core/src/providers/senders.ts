import type { ProviderContext, Sender } from "@tidings/channels/provider";
import { providers } from "@tidings/channels/registry";
import type { Mode } from "@tidings/shared/modes";
import { accountFor, type PlatformAccount } from "./platform-accounts";

/** A provider account chosen for a delivery, connected. */
export interface ChosenSender {
  provider: string;
  honoursIdempotencyKey: boolean;
  sender: Sender;
}

export interface Senders {
  /** The account to send with; null when none reaches the address on the channel. A test delivery always gets the sandbox. */
  choose(channel: string, address: string, mode: Mode): Promise<ChosenSender | null>;
  close(): Promise<void>;
}

const sandboxAccount: PlatformAccount = { id: "sandbox", provider: "sandbox", config: {}, rate: null };

/** Connects accounts when they are first used, and keeps them. */
export function createSenders(accounts: readonly PlatformAccount[], context: ProviderContext): Senders {
  const connected = new Map<string, Promise<ChosenSender>>();

  async function connect(account: PlatformAccount): Promise<ChosenSender> {
    const provider = providers.get(account.provider);
    if (!provider) throw new Error(`no provider ${account.provider}`);
    const sender = await provider.connect(account.config, context);
    return { provider: provider.id, honoursIdempotencyKey: provider.honoursIdempotencyKey, sender };
  }

  return {
    async choose(channel, address, mode) {
      const account = mode === "test" ? sandboxAccount : accountFor(accounts, channel, address);
      if (!account) return null;
      const known = connected.get(account.id);
      if (known) return await known;
      const connecting = connect(account);
      connected.set(account.id, connecting);
      connecting.catch(() => connected.delete(account.id)); // the next delivery tries anew
      return await connecting;
    },

    async close() {
      const settled = await Promise.allSettled(connected.values());
      connected.clear();
      await Promise.all(
        settled.map((result) => (result.status === "fulfilled" ? result.value.sender.close?.() : null)),
      );
    },
  };
}
