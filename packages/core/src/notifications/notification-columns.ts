import { Prisma } from "@tidings/db/client";

/** What `NotificationRow` is made of, for queries over `notification AS n LEFT JOIN template AS t`. */
export const notificationColumns = Prisma.sql`
  n.id, n.mode, n.status, n.reason, n.priority, n.category, t.key AS "templateKey",
  n.template_version AS "templateVersion", n.recipient_id AS "recipientId", n.addresses, n.channels,
  n.request_id AS "requestId", n.idempotency_key AS "idempotencyKey", n.send_at AS "sendAt",
  n.created_at AS "createdAt", n.processing_at AS "processingAt", n.settled_at AS "settledAt"`;
