import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import { presentPage } from "../page";
import type { PublicAuditEntry } from "./audit-schemas";
import type { AuditPage } from "./list-audit";

/** An entry of the audit log as its tenant sees it. */
export function presentAuditEntry(row: Prisma.AuditEntryModel): PublicAuditEntry {
  const { id, actor, action, target, before, after, ipAddress, userAgent, requestId, createdAt } = row;
  return {
    id: publicId("auditEntry", id),
    at: createdAt.toISOString(),
    ...{ actor, action, target, before, after, ipAddress, userAgent, requestId },
  };
}

/** A page of the audit log as its tenant sees it. */
export function presentAuditPage(page: AuditPage) {
  const searchedTo = page.searchedTo?.toISOString() ?? null;
  return { ...presentPage(page, presentAuditEntry, ({ id }) => id), searchedTo };
}
