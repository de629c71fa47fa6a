import { randomBytes } from "node:crypto";
import type { ProviderContext } from "@tidings/channels/provider";
import type { Database, Prisma } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import type { Sealer } from "../../secrets/sealer";
import { sealConfig } from "../settings/account-config";
import { type CredentialCheck, checkCredentials } from "../settings/check-credentials";
import { readConfig } from "../settings/read-config";
import { type CreateAccountBody, maxAccounts } from "./account-schemas";
import { channelsOf, providerOf, rateOf } from "./account-wishes";

export interface AccountDeps {
  database: Database;
  sealer: Sealer;
  /** What providers are lent for accounts of tenants. */
  providerContext: ProviderContext;
}

/**
 * Makes a provider account, once the provider has been asked about its credentials.
 * @throws {Refusal} `invalid_body`, `credentials_refused`; `conflict` when there are too many
 */
export async function createAccount(
  { database, sealer, providerContext }: AccountDeps,
  tenantId: string,
  { provider: providerId, name, channels, config: given, order, rate, ...wishes }: CreateAccountBody,
): Promise<{ row: Prisma.ProviderAccountModel; check: CredentialCheck }> {
  const provider = providerOf(providerId);
  const data = {
    ...wishes,
    id: newUuid(),
    tenantId,
    provider: providerId,
    name: name ?? provider.name,
    channels: channelsOf(provider, channels),
    rank: order,
    receiptToken: randomBytes(24).toString("base64url"),
  };
  const config = await readConfig(provider, given, providerContext);
  const check = await checkCredentials(provider, config, providerContext);
  const row = await database.$transaction(async (transaction) => {
    // Two at once must not both be the last that is allowed.
    await transaction.$queryRaw`SELECT 1 FROM tenant WHERE id = ${tenantId}::uuid FOR NO KEY UPDATE`;
    if ((await transaction.providerAccount.count({ where: { tenantId } })) >= maxAccounts) {
      throw new Refusal("conflict", `There are ${maxAccounts} provider accounts already: delete one first.`);
    }
    return await transaction.providerAccount.create({
      data: {
        ...data,
        ...rateOf(rate === undefined ? (provider.usualRate?.(config) ?? null) : rate),
        sealedConfig: sealConfig(sealer, data, config),
      },
    });
  });
  return { row, check };
}
