import { createHash } from "node:crypto";
import { type Mode, modeSchema } from "@tidings/shared/modes";
import { z } from "zod";

/** What the event log carries of a notification: ids, no personal data. */
export const notificationMessage = z.object({
  id: z.uuid(),
  tenantId: z.uuid(),
  mode: modeSchema,
  priority: z.int().min(0).max(3),
});
export type NotificationMessage = z.infer<typeof notificationMessage>;

/** Partitions of each topic: the most consumers that can share it. */
export const partitionsPerTopic = 12;

/** The two topics: a flood of bulk never stands in front of a one-time password. */
export function topicsOf(namespace: string): { direct: string; bulk: string } {
  return { direct: `${namespace}.notifications`, bulk: `${namespace}.notifications.bulk` };
}

/** What an accepted notification needs to be published. */
export interface Publishable {
  id: string;
  tenantId: string;
  mode: Mode;
  priority: number;
  bulk: boolean;
  /** Recipient id or raw addresses: whoever gets the same here keeps the order of their notifications. */
  recipientKey: string;
}

/** Key of a message: tenant and recipient, so that one person's notifications stay in order. Hashed, because it may hold an address. */
export function messageKey(tenantId: string, recipientKey: string): string {
  return createHash("sha256").update(`${tenantId}\n${recipientKey}`).digest("base64url").slice(0, 16);
}

/** The part of a notification's row by which its recipient is known. */
export function recipientKeyOf(recipientId: string | null, addresses: Record<string, string>): string {
  return recipientId ?? Object.values(addresses).join("\n");
}
