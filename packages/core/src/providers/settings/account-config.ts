import type { Prisma } from "@tidings/db/client";
import type { SealContext, Sealer } from "../../secrets/sealer";

/** What names an account's row. */
export type AccountKey = Pick<Prisma.ProviderAccountModel, "id" | "tenantId">;

/** Where the sealed config of an account belongs. */
export function accountField({ tenantId, id }: AccountKey): SealContext {
  return { tenantId, field: `provider_account.${id}.config` };
}

/** An account's config as it is stored. */
export function sealConfig(sealer: Sealer, account: AccountKey, config: unknown): string {
  return sealer.seal(JSON.stringify(config), accountField(account));
}

/**
 * An account's config, secrets and all.
 * @throws {Error} when it was changed, belongs elsewhere, or was sealed with a secret that is not known
 */
export function openConfig(
  sealer: Sealer,
  account: AccountKey & Pick<Prisma.ProviderAccountModel, "sealedConfig">,
): Record<string, unknown> {
  return JSON.parse(sealer.open(account.sealedConfig, accountField(account))) as Record<string, unknown>;
}
