import { Prisma } from "@tidings/db/client";

/** What reports tell of a delivery, as the catalogue in shared names it: from columns of a row `v`. */
export const deliveryFacts = Prisma.sql`jsonb_build_object('id', v.id, 'notificationId', v.notification_id,
  'channel', v.channel, 'address', v.address, 'recipientId', v.recipient_id, 'category', nullif(v.category, ''),
  'status', v.status, 'provider', nullif(v.provider, ''), 'providerMessageId', v.provider_message_id, 'reason', v.reason,
  'attempt', v.attempt)`;

/** What reports tell of a notification: from columns of a row `v`. */
export const notificationFacts = Prisma.sql`jsonb_build_object('id', v.id, 'status', v.status, 'category', v.category,
  'recipientId', v.recipient_id, 'channels', v.channels, 'reason', v.reason, 'requestId', v.request_id)`;
