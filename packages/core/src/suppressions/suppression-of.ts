import { Prisma } from "@tidings/db/client";
import { suppressedAddressOf } from "./suppressed-address";
import { type SuppressionReason, suppressionReasons } from "./suppression-reasons";

/** The suppression that keeps a delivery from being sent. */
export interface FoundSuppression {
  reason: SuppressionReason;
  /** Empty: every category. */
  category: string;
  detail: string | null;
}

/**
 * The gravest suppression of a delivery's address that keeps it from being sent, as a lateral subquery of one row or none:
 * of a row `v` with tenant_id, channel, address, category (empty or null: none) and priority.
 *
 * One without a category holds for all of them, else for its own. All of them hold for every priority, but an unsubscribe
 * spares transactional categories, and what has no category and is critical: a person who wants no offers still wants the
 * password they are waiting for.
 */
export const suppressionOf = Prisma.sql`(
  SELECT s.reason, s.category, s.detail FROM suppression AS s
  WHERE s.tenant_id = v.tenant_id AND s.channel = v.channel AND s.address = ${suppressedAddressOf}
    AND (s.category = '' OR s.category = v.category)
    AND (s.reason <> 'unsubscribe' OR NOT CASE WHEN coalesce(v.category, '') = '' THEN v.priority = 0 ELSE EXISTS (
      SELECT FROM category AS k WHERE k.tenant_id = v.tenant_id AND k.key = v.category AND k.transactional) END)
  ORDER BY array_position(${suppressionReasons}::text[], s.reason), s.category
  LIMIT 1)`;

const words: Record<SuppressionReason, string> = {
  hard_bounce: "hard bounce",
  complaint: "complaint",
  stop: "STOP",
  unsubscribe: "unsubscribed",
  manual: "by hand",
};

/** Why a delivery is skipped, as its tenant reads it: `suppressed: hard bounce (550 no such user)`. */
export function suppressedBecause({ reason, category, detail }: FoundSuppression): string {
  return `suppressed: ${words[reason]}${category && ` from ${category}`}${detail === null ? "" : ` (${detail})`}`;
}
