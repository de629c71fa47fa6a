import type { VendorCall } from "./vendor-call";

/** What a company can tell of a mail. `delayed` stands for all that is no outcome yet. */
export type MailEvent =
  | "delivered"
  | "bounced_hard"
  | "bounced_soft"
  | "complained"
  | "opened"
  | "clicked"
  | "unsubscribed"
  | "delayed";

/** The mail that is told of: its id as the company's API answered it, and its recipient. */
export interface ToldMail {
  id: string;
  to: string;
}

export interface CallOptions {
  /** Where receipts are taken. */
  url?: string | undefined;
  /** When it is signed, in Unix milliseconds. */
  atMs?: number;
}

const usualUrl = "https://tidings.test/receipts/email/rct_1";

/** A call that carries JSON. */
export function jsonCall(payload: unknown, headers: Record<string, string> = {}, url = usualUrl): VendorCall {
  const body = Buffer.from(JSON.stringify(payload));
  return { method: "POST", url, headers: { "content-type": "application/json", ...headers }, body };
}
