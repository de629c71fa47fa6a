import type { Database, Prisma } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import type { Owner } from "../owner";
import type { Sealer } from "../secrets/sealer";
import type { CheckUrl } from "./check-url";
import { type CreateEndpointBody, maxEndpoints } from "./endpoint-schemas";
import { endpointField, generateEndpointSecret } from "./endpoint-secret";

export interface EndpointDeps {
  database: Database;
  sealer: Sealer;
  checkUrl: CheckUrl;
}

/**
 * Makes an endpoint in the mode of its owner.
 * @returns its row, and its secret
 * @throws {Refusal} `invalid_body` for a URL that must not be called, `conflict` when there are too many
 */
export async function createEndpoint(
  { database, sealer, checkUrl }: EndpointDeps,
  { tenantId, mode }: Owner,
  { url, description, headers, secret = generateEndpointSecret(), perSecond, ...wishes }: CreateEndpointBody,
): Promise<{ row: Prisma.EndpointModel; secret: string }> {
  await checkUrl(url, mode);
  const id = newUuid();
  const row = await database.$transaction(async (transaction) => {
    // Two at once must not both be the last that is allowed.
    await transaction.$queryRaw`SELECT 1 FROM tenant WHERE id = ${tenantId}::uuid FOR NO KEY UPDATE`;
    if ((await transaction.endpoint.count({ where: { tenantId, mode } })) >= maxEndpoints) {
      throw new Refusal("conflict", `There are ${maxEndpoints} ${mode} endpoints already: delete one first.`);
    }
    return await transaction.endpoint.create({
      data: {
        ...wishes,
        id,
        tenantId,
        mode,
        url,
        description: description ?? null,
        perSecond: perSecond ?? null,
        sealedSecret: sealer.seal(secret, endpointField({ tenantId, id }, "secret")),
        sealedHeaders: headers
          ? sealer.seal(JSON.stringify(headers), endpointField({ tenantId, id }, "headers"))
          : null,
      },
    });
  });
  return { row, secret };
}
