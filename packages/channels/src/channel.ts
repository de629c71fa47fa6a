import type { z } from "zod";

/** What a stored recipient offers a channel to choose its addresses from. */
export interface Reachable {
  /** The tenant's own id of the recipient; null for a raw address. */
  id: string | null;
  /** Raw addresses by field name: `email`, `phone`, `url`, … */
  addresses: Readonly<Record<string, string>>;
  /** Push tokens of the recipient's devices. */
  deviceTokens: readonly string[];
}

/** A way to reach a person: what an address is, and what can be said. */
export interface Channel<Content = unknown> {
  /** Stored as text, so that a new channel needs no migration. */
  id: string;
  /** The field of a request's `recipient` that holds a raw address, with the schema that checks and normalises it. */
  addressField: { name: string; schema: z.ZodType<string> };
  /** Content as a tenant sends it directly and as a provider receives it. */
  content: z.ZodType<Content>;
  /** Content as a template holds it: strings may be Liquid. */
  template: z.ZodType<Record<string, unknown>>;
  /** Fields of a template that become HTML, so what is printed into them is escaped. */
  htmlFields: readonly string[];
  /** Addresses of this channel, none when the recipient can't be reached by it. */
  addressesOf(recipient: Reachable): readonly string[];
  /** Attempts before a delivery fails, counting the first. */
  maxAttempts: number;
}

/** Declares a channel; gives its content type to everything that uses it. */
export function defineChannel<Content>(channel: Channel<Content>): Channel<Content> {
  return channel;
}
