import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import { type SecondFactorFacts, secondFactorStep } from "./second-factor-step";

/**
 * Says whether a tenant's team must have a second factor. Members who gave none can do nothing in the tenant until they
 * do; so only who gave one may ask it of others.
 * @returns what held before
 * @throws {Refusal} `conflict` when the caller gave none, `not_found`
 */
export async function requireTwoFactor(
  database: Database,
  tenantId: string,
  required: boolean,
  caller: SecondFactorFacts,
): Promise<boolean> {
  if (required && !caller.gaveSecondFactor)
    throw new Refusal(
      "conflict",
      `Without a second factor you would lock yourself out: ${secondFactorStep(caller)} first.`,
    );
  const [row] = await database.$queryRaw<{ before: boolean }[]>`
    UPDATE tenant SET requires_two_factor = ${required} WHERE id = ${tenantId}::uuid
    RETURNING old.requires_two_factor AS before`;
  if (!row) throw new Refusal("not_found", "There is no such tenant.");
  return row.before;
}
