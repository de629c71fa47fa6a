import type { Catch, CaughtChannel, Content } from "./caught-message";

/** A message in the mailbox. */
export interface MailboxMessage extends Omit<Catch, "read"> {
  /** Counts up from 1. */
  id: string;
  at: Date;
  content(): Promise<Content>;
}

export interface MailboxFilter {
  /** Part of a recipient's address, in any case. */
  to?: string | undefined;
  channel?: string | undefined;
}

/** Everything caught since the start or the last clearing, the oldest forgotten first. */
export interface Mailbox {
  add(message: Catch): void;
  /** Newest first. */
  list(filter?: MailboxFilter, limit?: number): MailboxMessage[];
  /** How many there are of each channel, for the same recipient. */
  counts(to?: string): Map<CaughtChannel, number>;
  get(id: string): MailboxMessage | undefined;
  clear(): void;
  /** @returns stops the listening */
  onChange(listener: () => void): () => void;
}

/** @param maxBytes of all messages as they came over the wire */
export function createMailbox(maxMessages = 5_000, maxBytes = 128 * 1_024 * 1_024): Mailbox {
  const messages = new Map<string, MailboxMessage>();
  const listeners = new Set<() => void>();
  let lastId = 0;
  let sizeBytes = 0;

  function forgetOldest(): void {
    for (const [id, message] of messages) {
      if (messages.size <= maxMessages && sizeBytes <= maxBytes) return;
      messages.delete(id);
      sizeBytes -= message.sizeBytes;
    }
  }

  function* newestFirst({ to = "", channel }: MailboxFilter) {
    const part = to.trim().toLowerCase();
    for (const message of [...messages.values()].reverse()) {
      if (channel && message.channel !== channel) continue;
      if (message.to.some((address) => address.toLowerCase().includes(part))) yield message;
    }
  }

  function changed(): void {
    for (const listener of listeners) listener();
  }

  return {
    add({ read, ...facts }) {
      const id = String(++lastId);
      let reading: Promise<Content> | undefined;
      messages.set(id, {
        ...facts,
        id,
        at: new Date(),
        content() {
          reading ??= read();
          return reading;
        },
      });
      sizeBytes += facts.sizeBytes;
      forgetOldest();
      changed();
    },
    list: (filter = {}, limit = 100) => [...newestFirst(filter)].slice(0, limit),
    counts(to) {
      const counts = new Map<CaughtChannel, number>();
      for (const { channel } of newestFirst({ to })) counts.set(channel, (counts.get(channel) ?? 0) + 1);
      return counts;
    },
    get: (id) => messages.get(id),
    clear() {
      messages.clear();
      sizeBytes = 0;
      changed();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
