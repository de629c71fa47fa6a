import { isStorable } from "@tidings/shared/text";
import { z } from "zod";

const text = (maxLength: number) =>
  z.string().trim().min(1).max(maxLength).refine(isStorable, "must be text that can be stored");

/** What the audit log is narrowed down by. */
export const auditFilters = z.object({
  /** Who it was, in full. */
  actor: text(320).optional(),
  /** Such as `key.created`, in full; any of several. */
  actions: z.array(text(100)).max(50).optional(),
  /** From this moment on, and before this one. */
  from: z.date().optional(),
  to: z.date().optional(),
  /** Stands anywhere in an entry: its target, what it changed, its address or request id. */
  q: text(200).optional(),
});
export type AuditFilters = z.output<typeof auditFilters>;

/** An entry of the audit log, as its tenant sees it. */
export interface PublicAuditEntry {
  id: string;
  at: string;
  actor: string;
  action: string;
  target: string | null;
  /** JSON values; null where there was nothing. */
  before: unknown;
  after: unknown;
  ipAddress: string | null;
  userAgent: string | null;
  requestId: string | null;
}
