import type { Receipt } from "../receipt";

/** Words that carriers and providers take as an opt-out when a message holds nothing else (CTIA Messaging Principles, 5.1.3). */
const stopWords = new Set(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"]);
const startWords = new Set(["START", "YES", "UNSTOP"]);

/**
 * What a person wants who wrote this text.
 * @returns null when it is no such word: only a whole message counts, in any case, spaces and punctuation aside
 */
export function wishOf(text: string): "unsubscribed" | "resubscribed" | null {
  if (text.length > 64) return null;
  const word = text.replace(/[\s\p{P}]+/gu, "").toUpperCase();
  if (stopWords.has(word)) return "unsubscribed";
  return startWords.has(word) ? "resubscribed" : null;
}

/** The receipts of a message that a person sent: one when it is an opt-out or opt-in, else none. */
export function receiptsOfInbound(message: { id: string; from: string; text: string; at: string }): Receipt[] {
  const address = e164Of(message.from);
  const kind = wishOf(message.text);
  if (address === null || kind === null) return [];
  const { id, text, at } = message;
  return [{ eventId: `${id}:inbound`, kind, providerMessageId: null, address, at, reason: text.trim() }];
}

/** A number with or without its `+` in E.164 form; null for short codes and names. */
export function e164Of(number: string): string | null {
  return /^\+?[1-9]\d{6,14}$/.test(number) ? `+${number.replace("+", "")}` : null;
}
