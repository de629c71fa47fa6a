import type { Database, Prisma, Transaction } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { redactSecrets } from "./redact-secrets";

/** What somebody did. */
export interface AuditFacts {
  /** Null for what concerns the platform, or only the person. */
  tenantId: string | null;
  /** Null for the operator's command line, and for Stripe. */
  userId: string | null;
  /** Who it was in words: an address, `operator` or `Stripe`. */
  actor: string;
  /** Thing and past participle, such as `key.created`. */
  action: string;
  /** What it was done to: a public id or a name. */
  target?: string | null;
  /** What changed, as it was and as it is. Fields named like secrets are redacted. */
  before?: unknown;
  after?: unknown;
  ipAddress?: string | null;
  userAgent?: string | null;
  requestId?: string | null;
}

/** Writes an entry of the audit log. Nothing changes one later, but what `continueAudit` takes in. */
export async function writeAudit(
  database: Database | Transaction,
  { before, after, userAgent, ...facts }: AuditFacts,
): Promise<void> {
  await database.auditEntry.create({
    data: {
      id: newUuid(),
      ...facts,
      userAgent: userAgent?.slice(0, 300) ?? null,
      ...(before !== undefined && { before: auditValue(before) }),
      ...(after !== undefined && { after: auditValue(after) }),
    },
  });
}

/** A side of a change as it is stored. */
export const auditValue = (value: unknown) => redactSecrets(value) as Prisma.InputJsonValue;
