import type { Database, Prisma } from "@tidings/db/client";
import { csvCell } from "../csv-cell";
import type { AuditFilters } from "./audit-schemas";
import { listAudit } from "./list-audit";
import { presentAuditEntry } from "./present-audit-entry";

/** Entries read at a time. */
const pageSize = 1_000;
const columns = [
  "at",
  "actor",
  "action",
  "target",
  "before",
  "after",
  "ipAddress",
  "userAgent",
  "requestId",
  "id",
] as const;

/** A tenant's audit log as CSV (RFC 4180), newest first, a page at a time; what changed stands in it as JSON. */
export async function* exportAudit(
  database: Database,
  tenantId: string,
  filters: AuditFilters,
): AsyncGenerator<string> {
  yield `${columns.join(",")}\r\n`;
  for (let after: string | undefined, hasMore = true; hasMore; ) {
    const page = await listAudit(database, tenantId, filters, { limit: pageSize, after });
    if (page.rows.length > 0) yield page.rows.map(lineOf).join("");
    after = page.after ?? undefined;
    hasMore = page.hasMore;
  }
}

function lineOf(row: Prisma.AuditEntryModel): string {
  const entry = presentAuditEntry(row);
  return `${columns.map((name) => csvCell(cellText(entry[name]))).join(",")}\r\n`;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
