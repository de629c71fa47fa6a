import type { Prisma } from "@tidings/db/client";
import type { Owner } from "../owner";
import type { EndpointDeps } from "./create-endpoint";
import type { UpdateEndpointBody } from "./endpoint-schemas";
import { endpointField } from "./endpoint-secret";
import { noEndpoint } from "./get-endpoint";

/**
 * Changes an endpoint. Enabling it forgets what it failed for; a disabled one gets nothing, and what happens meanwhile is
 * replayed only when asked for.
 * @throws {Refusal} `not_found`, or `invalid_body` for a URL that must not be called
 */
export async function updateEndpoint(
  { database, sealer, checkUrl }: EndpointDeps,
  { tenantId, mode }: Owner,
  id: string,
  { url, description, headers, perSecond, events, channels, categories, enabled }: UpdateEndpointBody,
): Promise<Prisma.EndpointModel> {
  if (url !== undefined) await checkUrl(url, mode);
  const sealedHeaders = headers && sealer.seal(JSON.stringify(headers), endpointField({ tenantId, id }, "headers"));
  const [row] = await database.endpoint.updateManyAndReturn({
    where: { tenantId, mode, id },
    data: {
      ...(url !== undefined && { url }),
      ...(description !== undefined && { description }),
      ...(sealedHeaders !== undefined && { sealedHeaders }),
      ...(perSecond !== undefined && { perSecond }),
      ...(events && { events }),
      ...(channels && { channels }),
      ...(categories && { categories }),
      ...(enabled !== undefined && { enabled, disabledReason: null }),
      ...(enabled && { failingSince: null }),
    },
  });
  if (!row) throw noEndpoint(mode);
  return row;
}
