import type { Receipt } from "../receipt";

/** What a provider's code for a message that was not delivered says of the number. */
export type NumberFate =
  /** It takes no messages: unknown, a landline. */
  | "dead"
  /** Its owner has asked the provider for no more. */
  | "opted_out"
  /** Nothing for good. */
  | "passing";

/** The receipts of a message that could not be delivered: of the message itself, and of an opt-out that it brought to light. */
export function receiptsOfFailure(
  failed: Omit<Receipt, "kind" | "providerMessageId"> & { providerMessageId: string },
  fate: NumberFate,
): Receipt[] {
  const bounce: Receipt = { ...failed, kind: fate === "dead" ? "bounced_hard" : "bounced_soft" };
  if (fate !== "opted_out" || failed.address === null) return [bounce];
  const optOut: Receipt = {
    ...failed,
    eventId: `${failed.eventId}:opt-out`,
    kind: "unsubscribed",
    providerMessageId: null,
  };
  return [bounce, optOut];
}
