import { createHmac, hkdfSync } from "node:crypto";
import { providers } from "@tidings/channels/registry";
import type { Account } from "../providers/sending/account-book";

/**
 * Names an account of the platform in the URL of its receipts. Made of the platform's secret, so that it needs no row and
 * nobody can guess it. A tenant's account has a random one.
 * @param platformSecret 32 bytes
 * @returns `plt_<account>_<24 characters>`
 */
export function receiptTokenOf(platformSecret: Uint8Array, accountId: string): string {
  const key = Buffer.from(hkdfSync("sha256", platformSecret, "", "tidings.receipt-token", 32));
  const proof = createHmac("sha256", key).update(accountId).digest("base64url").slice(0, 24);
  return `plt_${accountId}_${proof}`;
}

/**
 * Where an account's receipts are taken: what the provider must be told, to the letter, as some sign it.
 * @param publicUrl the API's address as the internet sees it
 */
export function receiptUrlOf(publicUrl: string, provider: string, token: string): string {
  return `${publicUrl.replace(/\/+$/, "")}/receipts/${provider}/${encodeURIComponent(token)}`;
}

/** Where an account's receipts are taken; undefined when its provider sends none or the internet does not reach the API. */
export function receiptUrlOfAccount(
  { id, provider, receiptToken }: Pick<Account, "id" | "provider" | "receiptToken">,
  { publicUrl, platformSecret }: { publicUrl: string | undefined; platformSecret: Uint8Array },
): string | undefined {
  if (publicUrl === undefined || !providers.get(provider)?.receipts) return undefined;
  return receiptUrlOf(publicUrl, provider, receiptToken ?? receiptTokenOf(platformSecret, id));
}
