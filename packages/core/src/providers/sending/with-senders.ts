import type { QueuedDelivery } from "../../pipeline/queued-deliveries";
import type { RoutedDelivery } from "../../pipeline/route";
import type { AccountBook, Sender } from "./account-book";

/** A sender that has something to send, on a channel. */
export type ChannelSender = Sender & { channel: string };

/**
 * Names the senders of deliveries that have a rate of their own, and has a rate set before the first of them is queued.
 * @param setRate is called for each new sender, and again when its rate has changed
 */
export function createWithSenders(book: AccountBook, setRate: (sender: ChannelSender) => Promise<void>) {
  const inForce = new Map<string, ChannelSender>();

  return {
    async withSenders(deliveries: readonly QueuedDelivery[]): Promise<RoutedDelivery[]> {
      await book.prepare(deliveries.map(({ tenantId }) => tenantId));
      const named: RoutedDelivery[] = [];
      for (const delivery of deliveries) {
        const { tenantId, channel } = delivery;
        const sender = book.senderOf(tenantId, channel);
        named.push({ ...delivery, sender: sender?.id });
        if (!sender) continue;
        const key = `${channel} ${sender.id}`;
        const known = inForce.get(key);
        const { perSecond, burst } = sender.rate;
        if (known?.rate.perSecond === perSecond && known.rate.burst === burst) continue;
        const fresh = { ...sender, channel };
        inForce.set(key, fresh);
        await setRate(fresh);
      }
      return named;
    },

    /** Sets every rate in force again: what a flushed or absent Redis has missed. */
    async setAgain(): Promise<void> {
      await Promise.all([...inForce.values()].map(setRate));
    },
  };
}
