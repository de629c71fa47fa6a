import { isDeepStrictEqual } from "node:util";
import type { Provider } from "@tidings/channels/provider";
import type { Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import { openConfig, sealConfig } from "../settings/account-config";
import { type CredentialCheck, checkCredentials } from "../settings/check-credentials";
import { configSchemaOf, settingsOf } from "../settings/config-schema";
import { maskSecrets } from "../settings/mask-secrets";
import { destinationsOf, pointerOf, readConfig, refusal } from "../settings/read-config";
import type { UpdateAccountBody } from "./account-schemas";
import { channelsOf, providerOf, rateOf } from "./account-wishes";
import type { AccountDeps } from "./create-account";
import { getAccount, noAccount } from "./get-account";

const unchanged: CredentialCheck = { checked: false, checkReason: null };

/**
 * Changes a provider account. Settings are merged one by one, so a secret left out stays, as does one that comes back as
 * it was shown; null removes a setting. Only changed settings are checked with the provider.
 * @throws {Refusal} `not_found`, `invalid_body`, `credentials_refused`; `conflict` when another changed its settings meanwhile, or when
 * they are those of a provider that this release does not know
 */
export async function updateAccount(
  { database, sealer, providerContext }: AccountDeps,
  tenantId: string,
  id: string,
  { name, channels, config: given, order, weight, rate, enabled }: UpdateAccountBody,
): Promise<{ row: Prisma.ProviderAccountModel; check: CredentialCheck }> {
  const before = await getAccount(database, tenantId, id);
  const served = channels && channelsOf(providerOf(before.provider), channels);
  let sealedConfig: string | undefined;
  let check = unchanged;
  if (given) {
    const provider = providerOf(before.provider);
    const old = openConfig(sealer, before);
    const config = await readConfig(provider, merged(provider, old, given), providerContext);
    refuseKeptSecretsElsewhere(provider, old, config);
    check = await checkCredentials(provider, config, providerContext);
    sealedConfig = sealConfig(sealer, before, config);
  }
  const [row] = await database.providerAccount.updateManyAndReturn({
    where: { tenantId, id, ...(sealedConfig !== undefined && { sealedConfig: before.sealedConfig }) },
    data: {
      ...(name !== undefined && { name }),
      ...(served && { channels: served }),
      ...(sealedConfig !== undefined && { sealedConfig }),
      ...(order !== undefined && { rank: order }),
      ...(weight !== undefined && { weight }),
      ...(rate !== undefined && rateOf(rate)),
      ...(enabled !== undefined && { enabled }),
    },
  });
  if (row) return { row, check };
  if (sealedConfig === undefined) throw noAccount();
  await getAccount(database, tenantId, id);
  throw new Refusal("conflict", "Its settings were changed by another request meanwhile: send yours again.");
}

function merged(provider: Provider, old: Record<string, unknown>, given: Record<string, unknown>) {
  const shown = maskSecrets(provider, old);
  const news = Object.entries(given).filter(([name, value]) => !isDeepStrictEqual(value, shown[name]));
  return Object.fromEntries(
    Object.entries({ ...old, ...Object.fromEntries(news) }).filter(([, value]) => value !== null),
  );
}

/** Whoever may change an account must not learn its secrets by having them sent to a server of their own. */
function refuseKeptSecretsElsewhere(provider: Provider, old: unknown, config: unknown): void {
  const placesOf = (of: unknown) => destinationsOf(provider, of).map(({ path, value }) => [path.join("."), value]);
  if (isDeepStrictEqual(placesOf(old), placesOf(config))) return;
  const schema = configSchemaOf(provider);
  const kept = new Set(settingsOf(schema, old).flatMap(({ schema, value }) => (schema.writeOnly ? [value] : [])));
  const faults = settingsOf(schema, config)
    .filter(({ schema, value }) => schema.writeOnly && kept.has(value))
    .map((setting) => ({
      pointer: pointerOf(setting),
      message: "must be given anew, because the account leads elsewhere",
    }));
  if (faults.length > 0) throw refusal(provider, faults);
}
