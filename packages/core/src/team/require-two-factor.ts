import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";

/**
 * Says whether a tenant's team must have a second factor. Members without one can do nothing in the tenant until they set
 * it up; so only who has one may ask it of others.
 * @returns what held before
 * @throws {Refusal} `conflict` when the caller has none, `not_found`
 */
export async function requireTwoFactor(
  database: Database,
  tenantId: string,
  required: boolean,
  caller: { hasSecondFactor: boolean },
): Promise<boolean> {
  if (required && !caller.hasSecondFactor)
    throw new Refusal("conflict", "Set up a second factor for yourself first: you would lock yourself out.");
  const [row] = await database.$queryRaw<{ before: boolean }[]>`
    UPDATE tenant SET requires_two_factor = ${required} WHERE id = ${tenantId}::uuid
    RETURNING old.requires_two_factor AS before`;
  if (!row) throw new Refusal("not_found", "There is no such tenant.");
  return row.before;
}
