import type { ReceiptKind } from "@tidings/channels/receipt";
import { providers } from "@tidings/channels/registry";
import { uuidTimeMs } from "@tidings/shared/ids";
import { type DeliveryStatus, deliveryMoves } from "@tidings/shared/lifecycles";
import type { Mode } from "@tidings/shared/modes";
import type { Bounce } from "@tidings/shared/report-events";
import { erasedAddress } from "../people/erased-address";
import type { ReportEvent } from "../reports/write-reports";
import type { SuppressionReason } from "../suppressions/suppression-reasons";

/** A receipt that was stored and has not changed anything yet. */
export interface WaitingReceipt {
  account: string;
  eventId: string;
  id: string;
  provider: string;
  /** Of the delivery, else of the account; null where an account of the platform tells of an address. */
  tenantId: string | null;
  /** Null while it is not known, and where only an address is told. */
  deliveryId: string | null;
  kind: ReceiptKind;
  channel: string | null;
  providerMessageId: string | null;
  address: string | null;
  at: Date;
  reason: string | null;
  url: string | null;
  /** When the provider took the message, and what it bills for it. */
  sentAt: Date | null;
  units: number | null;
}

/** A delivery as it is before its receipts are applied. */
export interface ReceiptDelivery {
  id: string;
  tenantId: string;
  mode: Mode;
  notificationId: string;
  recipientId: string | null;
  channel: string;
  address: string;
  status: DeliveryStatus;
  attempt: number;
  provider: string | null;
  providerMessageId: string | null;
  sentAt: Date | null;
  category: string | null;
}

/** Where a receipt moves a delivery. */
export interface DeliveryMove {
  delivery: ReceiptDelivery;
  to: "DELIVERED" | "BOUNCED";
  receipt: WaitingReceipt;
  /** Whether our own SENT was overtaken, or lost: then it was not counted yet. */
  isNewlySent: boolean;
}

/** What a receipt says of an address: not to send to it any more, or, with `reason` null, that it may be sent to again. */
export interface AddressWish {
  receipt: WaitingReceipt;
  /** Null: of those who wrote to the address by the platform's account. */
  tenantId: string | null;
  mode: Mode;
  channels: readonly string[];
  address: string;
  /** Empty: every category. */
  category: string;
  reason: SuppressionReason | null;
}

export interface ReceiptPlan {
  moves: DeliveryMove[];
  events: ReportEvent[];
  /** In the order they were made in. */
  wishes: AddressWish[];
  applied: { receipt: WaitingReceipt; delivery: ReceiptDelivery | null }[];
  /** Those whose delivery is not known, or is about to be tried again: to be looked at later. */
  waiting: WaitingReceipt[];
}

const hourMs = 60 * 60 * 1_000;
/** How long the delivery of a receipt may stay unknown. */
const giveUpMs = 7 * 24 * hourMs;
/** The same, where the receipt alone says which address not to send to: nobody is written to for a week who complained. */
const giveUpWishMs = hourMs;

/**
 * What receipts change, by the order they happened in. A delivery moves as `deliveryMoves` allows and so never leaves a
 * final state, whatever comes after. What a receipt says of an address holds even when its delivery is never found.
 */
export function planReceipts(
  receipts: readonly WaitingReceipt[],
  deliveries: ReadonlyMap<string, ReceiptDelivery>,
  nowMs: number = Date.now(),
): ReceiptPlan {
  const plan: ReceiptPlan = { moves: [], events: [], wishes: [], applied: [], waiting: [] };
  const moved = new Map<string, DeliveryMove>();
  const inOrder = receipts.toSorted(
    (one, other) => one.at.getTime() - other.at.getTime() || (one.id < other.id ? -1 : 1),
  );
  for (const told of inOrder) {
    const delivery = told.deliveryId === null ? null : (deliveries.get(told.deliveryId) ?? null);
    // Of a person who was erased since, only what became of the message still counts.
    const receipt = delivery?.address === erasedAddress ? { ...told, address: null, reason: null, url: null } : told;
    const wish = wishOf(receipt, delivery);
    const patienceMs = wish && !delivery ? giveUpWishMs : giveUpMs;
    if (mayBeToldMore(receipt, delivery) && nowMs - uuidTimeMs(receipt.id) <= patienceMs) plan.waiting.push(receipt);
    else {
      plan.applied.push({ receipt, delivery });
      if (delivery) applyToDelivery(plan, moved, delivery, receipt);
      if (wish) plan.wishes.push(wish);
    }
  }
  plan.moves = [...moved.values()];
  return plan;
}

/**
 * Whether a receipt's delivery is yet to be recorded, or to be tried again. One that was recorded and is not there has been
 * deleted, as its retention says, and does not come back.
 */
function mayBeToldMore(receipt: WaitingReceipt, delivery: ReceiptDelivery | null): boolean {
  if (delivery) return destinations[receipt.kind] !== undefined && delivery.status === "QUEUED";
  return receipt.deliveryId === null && receipt.providerMessageId !== null;
}

const destinations: Partial<Record<ReceiptKind, DeliveryMove["to"]>> = {
  delivered: "DELIVERED",
  bounced_hard: "BOUNCED",
  bounced_soft: "BOUNCED",
};
/** What kind of bounce a receipt tells of. */
export const bounceKinds: Partial<Record<ReceiptKind, Bounce["kind"]>> = { bounced_hard: "hard", bounced_soft: "soft" };
/** Told each time they happen; moves are told only where something moved. */
const toldAsTheyAre: ReadonlySet<ReceiptKind> = new Set<ReceiptKind>(["opened", "clicked", "complained"]);

function applyToDelivery(
  plan: ReceiptPlan,
  moved: Map<string, DeliveryMove>,
  delivery: ReceiptDelivery,
  receipt: WaitingReceipt,
): void {
  const status = moved.get(delivery.id)?.to ?? delivery.status;
  const to = destinations[receipt.kind];
  if (to && (deliveryMoves[status] as readonly DeliveryStatus[]).includes(to)) {
    moved.set(delivery.id, { delivery, to, receipt, isNewlySent: status !== "SENT" });
    plan.events.push(eventOf(delivery, receipt, `delivery.${to.toLowerCase()}`, to));
  } else if (toldAsTheyAre.has(receipt.kind)) {
    plan.events.push(eventOf(delivery, receipt, `delivery.${receipt.kind}`, status));
  }
}

function eventOf(
  delivery: ReceiptDelivery,
  receipt: WaitingReceipt,
  type: string,
  status: DeliveryStatus,
): ReportEvent {
  const { id, tenantId, mode, notificationId, channel, address, recipientId, category, attempt } = delivery;
  const facts = {
    id,
    notificationId,
    channel,
    address,
    recipientId,
    category,
    status,
    provider: delivery.provider ?? receipt.provider,
    providerMessageId: delivery.providerMessageId ?? receipt.providerMessageId,
    reason: receipt.reason,
    attempt,
    url: receipt.url,
    occurredAt: receipt.at.toISOString(),
  };
  const kind = status === "BOUNCED" ? bounceKinds[receipt.kind] : undefined;
  const told = kind ? { ...facts, bounce: { kind, reason: receipt.reason } } : facts;
  return { tenantId, mode, type, notificationId, channel, category, facts: told };
}

/** Channels on which a person says no by writing STOP. */
const phoneChannels: ReadonlySet<string> = new Set(["sms", "whatsapp"]);

function wishOf(receipt: WaitingReceipt, delivery: ReceiptDelivery | null): AddressWish | null {
  const address = delivery?.address ?? receipt.address;
  const channels = channelsOf(receipt, delivery);
  const reason = wishReason(receipt.kind, channels);
  if (reason === undefined || address === null) return null;
  const category = reason === "unsubscribe" ? (delivery?.category ?? "") : "";
  const { tenantId, mode } = delivery ?? { tenantId: receipt.tenantId, mode: "live" as const };
  return { receipt, tenantId, mode, channels, address, category, reason };
}

function channelsOf({ channel, provider }: WaitingReceipt, delivery: ReceiptDelivery | null): readonly string[] {
  if (delivery) return [delivery.channel];
  return channel === null ? (providers.get(provider)?.channels ?? []) : [channel];
}

/** Null: the address may be sent to again. Undefined: nothing is said of it. */
function wishReason(kind: ReceiptKind, channels: readonly string[]): SuppressionReason | null | undefined {
  switch (kind) {
    case "bounced_hard":
      return "hard_bounce";
    case "complained":
      return "complaint";
    case "unsubscribed":
      return channels.some((channel) => phoneChannels.has(channel)) ? "stop" : "unsubscribe";
    case "resubscribed":
      return null;
    default:
      return undefined;
  }
}
