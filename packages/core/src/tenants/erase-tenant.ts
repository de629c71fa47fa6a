import type { Database } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import { type AuditFacts, writeAudit } from "../audit/write-audit";
import { endSubscription } from "../billing/cancel-subscription";
import type { Billing } from "../billing/create-billing";
import { isInForce } from "../billing/subscription-facts";
import { lockTeam } from "../team/lock-team";
import { platformSlug } from "./write-mail";

export interface EraseTenantDeps {
  database: Database;
  /** Null where the installation takes no money. */
  billing: Billing | null;
}

/**
 * Erases a tenant, for good. From here on nobody can use it: its keys are revoked, its team is dissolved, nothing of its own
 * can send or be told any more, and what it pays for has ended. Its rows are deleted afterwards, see `deleteErasedTenants`.
 * The platform's audit log keeps that it was, and who erased it.
 * @param confirmation the tenant's slug, as somebody typed it
 * @param by who does it and from where
 * @throws {Refusal} `not_found`; `invalid_body` when the slug is another; `conflict` for the platform's own tenant, and for one
 * that pays through a Stripe that is not connected; `unavailable` when Stripe does not answer: then nothing has changed
 */
export async function eraseTenant(
  { database, billing }: EraseTenantDeps,
  tenantId: string,
  confirmation: string,
  by: Pick<AuditFacts, "userId" | "actor" | "ipAddress" | "userAgent" | "requestId">,
): Promise<void> {
  const tenant = await database.tenant.findUnique({ where: { id: tenantId }, include: { subscription: true } });
  if (!tenant || tenant.erasedAt) throw new Refusal("not_found", "There is no such tenant.");
  const { name, slug, plan, subscription, createdAt } = tenant;
  if (slug === platformSlug) throw new Refusal("conflict", "Tidings writes its own mails in this tenant's name.");
  if (confirmation !== slug) {
    const faults = [{ pointer: "/confirmation", message: `must be ${slug}` }];
    throw new Refusal("invalid_body", "Type the tenant's short name to confirm.", { faults });
  }
  if (billing) await endSubscription(billing, tenantId);
  else if (isInForce(subscription?.status ?? null))
    throw new Refusal(
      "conflict",
      "The tenant pays through Stripe, which is not connected here: cancel it there first.",
    );

  await database.$transaction(async (transaction) => {
    await lockTeam(transaction, tenantId);
    // Not deleted here: processes find revoked keys among them, by the database's clock.
    const keys = await transaction.$executeRaw`
      UPDATE api_key SET revoked_at = clock_timestamp() WHERE tenant_id = ${tenantId}::uuid AND revoked_at IS NULL`;
    const { count: members } = await transaction.member.deleteMany({ where: { tenantId } });
    await transaction.invitation.deleteMany({ where: { tenantId } });
    await transaction.providerAccount.deleteMany({ where: { tenantId } });
    await transaction.endpoint.deleteMany({ where: { tenantId } });
    await transaction.channelLimit.deleteMany({ where: { tenantId } });
    await transaction.ownChannelLimit.deleteMany({ where: { tenantId } });
    const { count } = await transaction.tenant.updateMany({
      where: { id: tenantId, erasedAt: null },
      data: {
        ...{ name: "Erased tenant", slug: `erased-${tenantId}`, contactEmail: null, usesPlatformAccounts: false },
        erasedAt: new Date(),
      },
    });
    if (count === 0) throw new Refusal("not_found", "Somebody else has erased the tenant meanwhile.");
    await writeAudit(transaction, {
      ...by,
      ...{ tenantId: null, action: "tenant.erased", target: publicId("tenant", tenantId) },
      before: { name, slug, plan, createdAt, members, revokedKeys: keys },
    });
  });
}
