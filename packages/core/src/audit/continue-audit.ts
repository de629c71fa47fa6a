import type { Database } from "@tidings/db/client";
import { firstUuidAt } from "@tidings/shared/ids";
import { type AuditFacts, auditValue, writeAudit } from "./write-audit";

/** How long after it was written an entry takes in what its author does on, in ms. */
const spanMs = 10 * 60_000;

/**
 * Writes an entry of the audit log for one of many small changes, such as a draft that saves itself while it is written:
 * they are one entry, from before the first to after the last. It ends after ten minutes, or when anything else is done to
 * the target, by anybody, or the same from elsewhere.
 */
export async function continueAudit(database: Database, facts: AuditFacts): Promise<void> {
  const { tenantId, target = null, action, userId, ipAddress = null, after } = facts;
  const latest = await database.auditEntry.findFirst({
    where: { tenantId, target, id: { gte: firstUuidAt(Date.now() - spanMs) } },
    orderBy: { id: "desc" },
    select: { id: true, action: true, userId: true, ipAddress: true },
  });
  const goesOn = latest?.action === action && latest.userId === userId && latest.ipAddress === ipAddress;
  if (!goesOn) return await writeAudit(database, facts);
  await database.auditEntry.updateMany({ where: { tenantId, id: latest.id }, data: { after: auditValue(after) } });
}
