import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import type { PublicAuditEntry } from "./audit-schemas";

/** An entry of the audit log as its tenant sees it. */
export function presentAuditEntry(row: Prisma.AuditEntryModel): PublicAuditEntry {
  const { id, actor, action, target, before, after, ipAddress, userAgent, requestId, createdAt } = row;
  return {
    id: publicId("auditEntry", id),
    at: createdAt.toISOString(),
    ...{ actor, action, target, before, after, ipAddress, userAgent, requestId },
  };
}
