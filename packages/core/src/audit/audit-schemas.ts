import { isStorable } from "@tidings/shared/text";
import { z } from "zod";
import { pageQuery } from "../page";

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

const moment = z.iso.datetime({ offset: true, message: "must be an RFC 3339 time such as 2030-01-31T09:00:00Z" });

/** The query of `GET /v1/audit-log`. */
export const auditQuery = pageQuery.extend({
  actor: auditFilters.shape.actor.meta({ description: "Who it was, in full", example: "ann@example.com" }),
  action: text(100).optional().meta({ description: "What was done, in full", example: "key.created" }),
  since: moment.optional().meta({ description: "At or after" }),
  until: moment.optional().meta({ description: "Before" }),
  q: auditFilters.shape.q.meta({
    description:
      "Stands anywhere in an entry, whatever its case: its target, what it changed, its address or request id",
  }),
});

/** An entry of the audit log, as its tenant sees it. */
export const publicAuditEntry = z
  .object({
    id: z.string().meta({ example: "aud_01h455vb4pex5vsknk084sn02q" }),
    at: z.iso.datetime(),
    actor: z
      .string()
      .meta({ description: "The address of who did it, `operator` or `Stripe`", example: "ann@example.com" }),
    action: z.string().meta({ example: "key.created" }),
    target: z.string().nullable().meta({ description: "What it was done to: an id or a name" }),
    before: z
      .unknown()
      .meta({ description: "What changed, as it was; null where there was nothing. Secrets are redacted" }),
    after: z.unknown().meta({ description: "What changed, as it became; null where there is nothing" }),
    ipAddress: z.string().nullable(),
    userAgent: z.string().nullable(),
    requestId: z.string().nullable(),
  })
  .meta({ id: "AuditEntry" });
export type PublicAuditEntry = z.infer<typeof publicAuditEntry>;
