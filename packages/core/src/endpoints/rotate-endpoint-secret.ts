import type { Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import type { Owner } from "../owner";
import type { Sealer } from "../secrets/sealer";
import type { RotateSecretBody } from "./endpoint-schemas";
import { endpointField, generateEndpointSecret } from "./endpoint-secret";
import { getEndpoint } from "./get-endpoint";

/**
 * Gives an endpoint its next secret. The one before signs too for as long as asked; the one before that ends at once.
 * @throws {Refusal} `not_found`, or `conflict` when somebody else is rotating it
 */
export async function rotateEndpointSecret(
  { database, sealer }: { database: Database; sealer: Sealer },
  owner: Owner,
  id: string,
  { secret = generateEndpointSecret(), overlapSeconds }: RotateSecretBody,
): Promise<Prisma.EndpointModel> {
  const { tenantId, mode } = owner;
  const row = await getEndpoint(database, owner, id);
  const previous = sealer.open(row.sealedSecret, endpointField(row, "secret"));
  const [rotated] = await database.endpoint.updateManyAndReturn({
    where: { tenantId, mode, id, sealedSecret: row.sealedSecret }, // two at once would lose the secret in use
    data: {
      sealedSecret: sealer.seal(secret, endpointField(row, "secret")),
      ...(overlapSeconds > 0
        ? {
            sealedPreviousSecret: sealer.seal(previous, endpointField(row, "previous_secret")),
            previousUntil: new Date(Date.now() + overlapSeconds * 1_000),
          }
        : { sealedPreviousSecret: null, previousUntil: null }),
    },
  });
  if (!rotated) throw new Refusal("conflict", "The secret is being rotated by another request.");
  return rotated;
}
