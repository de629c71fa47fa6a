import type { Channel, Reachable } from "@tidings/channels/channel";
import { deliveryId } from "./delivery-id";

export interface PlanInput {
  notification: {
    id: string;
    recipientId: string | null;
    /** Raw addresses given with the request; they go before the stored recipient's. */
    addresses: Readonly<Record<string, string>>;
    /** Channels to try; those the recipient has no address for are left out. */
    channels: readonly string[];
  };
  /** The stored recipient; null when the tenant has none with that id. */
  recipient: { addresses: Readonly<Record<string, string>>; deviceTokens: readonly string[] } | null;
  channels: ReadonlyMap<string, Channel>;
}

export interface PlannedDelivery {
  id: string;
  channel: string;
  address: string;
  /** Why it is not to be sent; absent when it is. */
  skipped?: string;
}

export type Plan = { deliveries: readonly PlannedDelivery[] } | { deliveries: readonly []; reason: string };

/**
 * Decides which messages a notification becomes: one per channel and address. Pure, so planning a redelivered message
 * again gives the same ids.
 * @returns no deliveries and a reason a person understands when nobody can be reached
 */
export function planDeliveries({ notification, recipient, channels }: PlanInput): Plan {
  const reachable: Reachable = {
    id: notification.recipientId,
    addresses: { ...recipient?.addresses, ...notification.addresses },
    deviceTokens: recipient?.deviceTokens ?? [],
  };
  const targets = notification.channels.flatMap((channel) => {
    const addresses = channels.get(channel)?.addressesOf(reachable) ?? [];
    return addresses.map((address) => ({ channel, address }));
  });
  if (targets.length > 0) return { deliveries: withIds(notification.id, targets) };
  if (notification.recipientId !== null && !recipient) {
    return {
      deliveries: [],
      reason: `recipient ${notification.recipientId} does not exist and no raw address was given`,
    };
  }
  return { deliveries: [], reason: `the recipient has no address for ${notification.channels.join(", ")}` };
}

function withIds(notificationId: string, targets: readonly { channel: string; address: string }[]): PlannedDelivery[] {
  const taken = new Set<string>();
  return targets.map(({ channel, address }) => {
    let salt = 0;
    let id = deliveryId(notificationId, channel, address);
    while (taken.has(id)) id = deliveryId(notificationId, channel, address, ++salt);
    taken.add(id);
    return { id, channel, address };
  });
}
