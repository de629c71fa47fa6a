/** Why an address must not be sent to, the gravest first: a graver one replaces a lesser, never the other way round. */
export const suppressionReasons = ["hard_bounce", "complaint", "stop", "unsubscribe", "manual"] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];

/** Negative when `one` is graver than `other`. */
export function compareGravity(one: SuppressionReason, other: SuppressionReason): number {
  return suppressionReasons.indexOf(one) - suppressionReasons.indexOf(other);
}
