import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import { receiptUrlOf } from "../../receipts/receipt-url";
import type { Sealer } from "../../secrets/sealer";
import { openConfig } from "../settings/account-config";
import { maskSecrets } from "../settings/mask-secrets";
import { type PublicAccount, tenantProviders } from "./account-schemas";

/**
 * An account as its tenant sees it: of its secrets no more than four characters. Where this release does not know its
 * provider, nothing tells which settings are secret: none is shown.
 * @param publicUrl the API's address as the internet sees it; null where there is none
 */
export function presentAccount(
  { sealer, publicUrl }: { sealer: Sealer; publicUrl: string | null },
  row: Prisma.ProviderAccountModel,
): PublicAccount {
  const provider = tenantProviders.get(row.provider);
  return {
    id: publicId("account", row.id),
    provider: row.provider,
    name: row.name,
    channels: row.channels,
    config: provider ? maskSecrets(provider, openConfig(sealer, row)) : {},
    order: row.rank,
    weight: row.weight,
    rate: row.perSecond === null || row.burst === null ? null : { perSecond: row.perSecond, burst: row.burst },
    enabled: row.enabled,
    receiptUrl: provider?.receipts ? receiptUrlOf(publicUrl ?? "", provider.id, row.receiptToken) : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
