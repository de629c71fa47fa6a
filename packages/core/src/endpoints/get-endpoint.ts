import type { Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import type { Owner } from "../owner";

/**
 * An endpoint of a tenant.
 * @param id UUID of its row
 * @throws {Refusal} `not_found` when the tenant has none with that id in that mode
 */
export async function getEndpoint(
  database: Database,
  { tenantId, mode }: Owner,
  id: string,
): Promise<Prisma.EndpointModel> {
  const row = await database.endpoint.findFirst({ where: { tenantId, mode, id } });
  if (!row) throw noEndpoint(mode);
  return row;
}

/** The refusal of an id that names no endpoint of a mode. */
export const noEndpoint = (mode: string) => new Refusal("not_found", `There is no ${mode} endpoint with this id.`);

/**
 * An endpoint that reports can be posted to.
 * @throws {Refusal} `not_found`, or `conflict` when it is disabled
 */
export async function getEnabledEndpoint(database: Database, owner: Owner, id: string): Promise<Prisma.EndpointModel> {
  const row = await getEndpoint(database, owner, id);
  if (!row.enabled) throw new Refusal("conflict", "The endpoint is disabled: enable it first.");
  return row;
}
