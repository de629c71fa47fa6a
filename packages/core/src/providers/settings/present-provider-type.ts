import type { Provider } from "@tidings/channels/provider";
import type { PublicProviderType } from "../accounts/account-schemas";
import { configSchemaOf } from "./config-schema";

/** A provider as tenants see it: what it can do, and the form of its settings. */
export function presentProviderType(provider: Provider): PublicProviderType {
  return {
    id: provider.id,
    name: provider.name,
    channels: [...provider.channels],
    capabilities: {
      idempotencyKey: provider.honoursIdempotencyKey,
      attachments: provider.sendsAttachments ?? false,
      receipts: provider.receipts !== undefined,
      batch: provider.sendsBatches ?? false,
      credentialCheck: provider.check !== undefined,
    },
    config: configSchemaOf(provider),
  };
}
