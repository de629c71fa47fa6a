import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import type { Mode } from "@tidings/shared/modes";
import type { Sealer } from "../secrets/sealer";
import type { PublicEndpoint } from "./endpoint-schemas";
import { endpointField } from "./endpoint-secret";

/** An endpoint as its tenant sees it: nothing of its secrets, and of its headers the names. */
export function presentEndpoint(sealer: Sealer, row: Prisma.EndpointModel): PublicEndpoint {
  return {
    id: publicId("endpoint", row.id),
    mode: row.mode as Mode,
    url: row.url,
    description: row.description,
    events: row.events,
    channels: row.channels,
    categories: row.categories,
    headerNames: Object.keys(openHeaders(sealer, row)),
    perSecond: row.perSecond,
    enabled: row.enabled,
    disabledReason: row.disabledReason,
    failingSince: row.failingSince?.toISOString() ?? null,
    previousSecretUntil: previousUntil(row)?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** The headers of its own that an endpoint is sent. */
function openHeaders(
  sealer: Sealer,
  row: Pick<Prisma.EndpointModel, "id" | "tenantId" | "sealedHeaders">,
): Record<string, string> {
  if (row.sealedHeaders === null) return {};
  return JSON.parse(sealer.open(row.sealedHeaders, endpointField(row, "headers"))) as Record<string, string>;
}

/** Until when the secret before signs too; null when it does not any more. */
export function previousUntil({ previousUntil: until }: Pick<Prisma.EndpointModel, "previousUntil">): Date | null {
  return until && until.getTime() > Date.now() ? until : null;
}
