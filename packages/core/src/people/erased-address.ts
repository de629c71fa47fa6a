/** What stands where a person's address was. Nothing is ever sent to it: a delivery that has it is settled. */
export const erasedAddress = "erased";
/** What erased rows give as their reason. */
export const erasedReason = "erased on request";
/** What stands where a request's id was, which is the caller's own word. */
export const erasedRequestId = "req_erased";

/** Whether a notification was emptied of everything personal. */
export function isErased({ reason, requestId }: { reason: string | null; requestId: string }): boolean {
  return reason === erasedReason && requestId === erasedRequestId;
}
