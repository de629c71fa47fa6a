import { z } from "zod";
import type { ProviderContext } from "./provider-context";
import type { ReceiptReader } from "./receipt";

export type { ProviderContext } from "./provider-context";

/** What became of one try at a provider. Expected failures are values; anything thrown is a bug. */
export type SendOutcome =
  /** `units` is what the provider bills for this message, SMS segments for instance; 1 when absent. */
  | { kind: "sent"; providerMessageId: string; units?: number }
  /**
   * Try again. `ambiguous` when the provider may have taken it (a timeout after the body was sent); `isRecipients` when it
   * lies with the address (a full mailbox, greylisting): the account is well, and another would fare no better.
   */
  | { kind: "deferred"; reason: string; retryAfterMs?: number; ambiguous?: boolean; isRecipients?: boolean }
  /** The account had no connection or no turn free: nothing was sent, and this counts as no attempt. */
  | { kind: "busy"; reason: string; retryAfterMs?: number }
  /** Will never work. `addressDead` when the address itself is no more (a push token that was unregistered). */
  | { kind: "rejected"; reason: string; addressDead?: boolean };

/** One message as a provider gets it: already rendered and checked against its channel's content schema. */
export interface OutboundMessage<Content = unknown> {
  channel: string;
  to: string;
  content: Content;
}

export interface SendOptions {
  /** Stable for the delivery over all its attempts. */
  idempotencyKey: string;
  /** Counted from 1. */
  attempt: number;
  /** Aborts at shutdown or when the attempt has run out of time. */
  signal: AbortSignal;
  /** Absolute URL at which this account's receipts are taken; absent where the platform has no public URL. */
  receiptUrl?: string;
}

/** One message with the options of its attempt. */
export interface Outgoing<Content = unknown> {
  message: OutboundMessage<Content>;
  options: SendOptions;
}

/** A connected provider account. */
export interface ConnectedAccount<Content = unknown> {
  send(message: OutboundMessage<Content>, options: SendOptions): Promise<SendOutcome>;
  /** For a provider that takes many messages in one call and answers for each: at most `max` at once, outcomes in order. */
  many?: { max: number; send(outgoing: readonly Outgoing<Content>[], signal: AbortSignal): Promise<SendOutcome[]> };
  /** Gives back sockets and timers. */
  close?(): Promise<void>;
}

/** What a provider says of an account's credentials, asked with a call that sends nothing. */
export type AccountCheck =
  | { kind: "good" }
  /** The provider refused them, in its words. */
  | { kind: "refused"; reason: string }
  /** It could not be asked. */
  | { kind: "unreachable"; reason: string };

/** Code that can send on one or more channels. */
export interface Provider<Config = unknown> {
  /** Stored as text with each attempt. */
  id: string;
  /** As people know it: `Amazon SES`. */
  name: string;
  channels: readonly string[];
  /**
   * Credentials and settings of an account; forms are drawn from its JSON schema. Each has a `title` and, where that does not
   * say it all, a `description`; those that few need are `advanced`, and `contentMediaType` marks what is pasted from a file.
   */
  config: z.ZodType<Config>;
  /** Whether a repeated `idempotencyKey` is sent only once by the provider. */
  honoursIdempotencyKey: boolean;
  /** Whether it takes an email's attachments. False when absent. */
  sendsAttachments?: boolean;
  /** Whether its accounts take many messages in one call. False when absent. */
  sendsBatches?: boolean;
  /**
   * By channel: how fast it lets one account write to one address, beside what the account may send in all. What is too much
   * waits, so that it is not refused. None when absent.
   */
  pairRates?: Readonly<Record<string, { everyMs: number; burst: number }>>;
  /** How fast an account may send unless its owner knows better; null for no limit. None when absent. */
  usualRate?(config: Config): { perSecond: number; burst: number } | null;
  /** Whether it can reach an address, where a channel's addresses belong to different providers. Every one when absent. */
  reaches?(address: string): boolean;
  connect(config: Config, context: ProviderContext): Promise<ConnectedAccount>;
  /** Asks the provider whether it knows these credentials; absent where it has no call for that. Never throws. */
  check?(config: Config, context: ProviderContext, signal: AbortSignal): Promise<AccountCheck>;
  /** How it tells later what became of a message; absent where it doesn't. */
  receipts?: ReceiptReader<Config>;
}

/** Declares a provider; gives its config type to `connect`. */
export function defineProvider<Config>(provider: Provider<Config>): Provider<Config> {
  return provider;
}

/** A text setting that must never be shown again: marked so in the JSON schema that forms are drawn from. */
export function secret(): z.ZodString {
  return z.string().min(1).meta({ format: "password", writeOnly: true });
}
