import type { Database } from "@tidings/db/client";
import type { Owner } from "../owner";
import type { Sealer } from "../secrets/sealer";
import type { PublicEndpointSecret } from "./endpoint-schemas";
import { endpointField } from "./endpoint-secret";
import { getEndpoint } from "./get-endpoint";
import { previousUntil } from "./present-endpoint";

/**
 * The secret an endpoint's reports are signed with, and the one before it while that signs too.
 * @throws {Refusal} `not_found`
 */
export async function getEndpointSecret(
  { database, sealer }: { database: Database; sealer: Sealer },
  owner: Owner,
  id: string,
): Promise<PublicEndpointSecret> {
  const row = await getEndpoint(database, owner, id);
  const until = previousUntil(row);
  const previous = until && row.sealedPreviousSecret;
  return {
    secret: sealer.open(row.sealedSecret, endpointField(row, "secret")),
    previousSecret: previous ? sealer.open(previous, endpointField(row, "previous_secret")) : null,
    previousSecretUntil: until?.toISOString() ?? null,
  };
}
