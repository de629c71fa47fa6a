import type { Database, Prisma } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import { isStorable } from "@tidings/shared/text";
import { z } from "zod";
import { type SecondFactorFacts, secondFactorStep } from "../team/second-factor-step";
import { platformSlug } from "../tenants/write-mail";

const lifetimeMs = 60 * 60_000;

/** Why an operator looks into a tenant's console: its team reads this in its audit log. */
export const visitReason = z
  .string()
  .trim()
  .min(5, "must say why, in a few words")
  .max(500)
  .refine(isStorable, "must be text that can be stored");

/**
 * Lets an operator see a tenant's console for an hour. A visit that is open already is replaced.
 * @throws {Refusal} `not_found`; `conflict` when the tenant asks for a second factor that the operator did not give, and
 * for the platform's own: its messages hold links that sign people in
 */
export async function openSupportVisit(
  database: Database,
  operator: SecondFactorFacts & { id: string },
  tenantId: string,
  reason: string,
): Promise<Prisma.SupportVisitModel> {
  const tenant = await database.tenant.findFirst({ where: { id: tenantId, erasedAt: null } });
  if (!tenant) throw new Refusal("not_found", "There is no such tenant.");
  if (tenant.slug === platformSlug)
    throw new Refusal("conflict", "Tidings writes to people in this tenant's name; what it says is for them alone.");
  if (tenant.requiresTwoFactor && !operator.gaveSecondFactor) {
    const step = secondFactorStep(operator);
    throw new Refusal("conflict", `${tenant.name} asks for a second factor: ${step} in your account first.`);
  }
  await endSupportVisit(database, operator.id, tenantId);
  const until = new Date(Date.now() + lifetimeMs);
  return await database.supportVisit.create({ data: { id: newUuid(), userId: operator.id, tenantId, reason, until } });
}

/** Ends an operator's visit of a tenant. @returns whether there was one */
export async function endSupportVisit(database: Database, userId: string, tenantId: string): Promise<boolean> {
  const now = new Date();
  const { count } = await database.supportVisit.updateMany({
    where: { userId, tenantId, until: { gt: now } },
    data: { until: now },
  });
  return count > 0;
}
