import type { ProviderContext } from "./provider-context";

/**
 * What a provider tells later about a message or an address. A final state never regresses, so receipts may come in any
 * order, and again.
 */
export interface Receipt {
  /** The same for every telling of the same event: the provider's own id of it, or one made of what it consists of. */
  eventId: string;
  kind: ReceiptKind;
  /** The id the provider gave when it took the message; null where only an address is told. */
  providerMessageId: string | null;
  /** The address concerned, as its channel writes it; null where only a message is told. */
  address: string | null;
  /** The address' channel, where an account serves several and only an address is told. */
  channel?: string;
  /** When it happened, RFC 3339 in UTC. */
  at: string;
  /** The provider's words. */
  reason?: string;
  /** The link, when one was clicked. */
  url?: string;
}

export const receiptKinds = [
  "delivered",
  /** Could not be delivered, for good: the address takes no mail. */
  "bounced_hard",
  /** Was not delivered this time: a full mailbox, a phone that is switched off. */
  "bounced_soft",
  /** The person reported it as unwanted. */
  "complained",
  "opened",
  "clicked",
  /** The person wants no more: by a link in the mail, or by writing STOP. */
  "unsubscribed",
  /** The person wants messages again: START. */
  "resubscribed",
] as const;
export type ReceiptKind = (typeof receiptKinds)[number];

/** A call of a provider, as it came in. */
export interface ReceiptRequest {
  method: string;
  /** The whole URL as the provider called it; some sign it. */
  url: string;
  /** By lower-case name. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The bytes as they came; signatures are made over them. */
  body: Uint8Array;
}

export type ReceiptReading =
  | {
      kind: "receipts";
      receipts: readonly Receipt[];
      /** The token that was signed instead of the call itself, and the one event that it may vouch for from now on. */
      voucher?: { token: string; eventId: string };
    }
  /** Answered with this text and nothing else: how a provider makes sure that the URL is ours. */
  | { kind: "handshake"; answer: string }
  /** The signature is missing, wrong or too old. */
  | { kind: "forged"; reason: string }
  /** Signed well, but not what the provider documents. */
  | { kind: "unreadable"; reason: string };

/** Verifies and reads a provider's receipts. */
export interface ReceiptReader<Config = unknown> {
  /**
   * Never throws for what came in. What it knows nothing of in a well-signed call, it leaves out.
   * @param context for a provider that asks its vendor; without it, public addresses only
   */
  read(request: ReceiptRequest, config: Config, context?: ProviderContext): Promise<ReceiptReading>;
}
