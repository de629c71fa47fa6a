import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import type { SuppressionReason } from "./suppression-reasons";
import type { PublicSuppression } from "./suppression-schemas";

/** A suppression as its tenant sees it. */
export function presentSuppression(row: Prisma.SuppressionModel): PublicSuppression {
  return {
    id: publicId("suppression", row.id),
    channel: row.channel,
    address: row.address,
    category: row.category || null,
    reason: row.reason as SuppressionReason,
    detail: row.detail,
    createdAt: row.createdAt.toISOString(),
  };
}
