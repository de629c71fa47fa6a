import { Prisma } from "@tidings/db/client";
import type { NotificationStatus } from "@tidings/shared/lifecycles";
import type { Mode } from "@tidings/shared/modes";

/** A notification's row, with the key of its template. */
export interface NotificationRow {
  id: string;
  mode: Mode;
  status: NotificationStatus;
  reason: string | null;
  priority: number;
  category: string | null;
  templateKey: string | null;
  templateVersion: number | null;
  recipientId: string | null;
  addresses: Record<string, string>;
  channels: string[];
  requestId: string;
  idempotencyKey: string | null;
  resendOf: string | null;
  sendAt: Date | null;
  createdAt: Date;
  processingAt: Date | null;
  settledAt: Date | null;
}

/** A notification as a list shows it. */
export interface ListedNotification extends NotificationRow {
  /** What direct content begins with: an email's subject, a title, or the first words of a text; null with a template. */
  subject: string | null;
  /** Where its first delivery goes, or one of the raw addresses given while it has none. */
  address: string | null;
  deliveryCount: number;
  /** Why it failed, or one of its deliveries: the last provider's words. */
  failure: string | null;
}

/** What `NotificationRow` is made of, for queries over `notification AS n LEFT JOIN template AS t`. */
export const notificationColumns = Prisma.sql`
  n.id, n.mode, n.status, n.reason, n.priority, n.category, t.key AS "templateKey",
  n.template_version AS "templateVersion", n.recipient_id AS "recipientId", n.addresses, n.channels,
  n.request_id AS "requestId", n.idempotency_key AS "idempotencyKey", n.resend_of AS "resendOf", n.send_at AS "sendAt",
  n.created_at AS "createdAt", n.processing_at AS "processingAt", n.settled_at AS "settledAt"`;

/** Most notifications that are told to repeat one. */
const maxResends = 100;

/** What `NotificationStory["notification"]` is made of. */
export const notificationStoryColumns = Prisma.sql`${notificationColumns}, n.data, n.content, n.locale,
  ARRAY(SELECT r.id FROM notification AS r WHERE r.tenant_id = n.tenant_id AND r.resend_of = n.id
    ORDER BY r.id LIMIT ${maxResends}::int) AS resends`;

/** A notification with all that was done for it. */
export interface NotificationStory {
  notification: NotificationRow & {
    data: Record<string, unknown> | null;
    content: Record<string, unknown> | null;
    locale: string | null;
    /** Ids of those that repeat it, first to last. */
    resends: string[];
  };
  /** In the order they were planned in. */
  deliveries: readonly DeliveryStory[];
  /** What people call the tenant's accounts that tried, by UUID; those not in it go by their ids. */
  accountNames?: ReadonlyMap<string, string>;
}

/** A delivery with its attempts, first to last, and what its provider told later. */
export interface DeliveryStory {
  delivery: Prisma.DeliveryModel;
  attempts: readonly Prisma.AttemptModel[];
  receipts: readonly Prisma.ReceiptModel[];
}
