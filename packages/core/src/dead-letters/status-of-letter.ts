import { Prisma } from "@tidings/db/client";

/**
 * The status of the notification that the dead letter `d` is about; null when it is no longer kept, or never was read. A
 * sub-select by itself: as a join, Postgres might read every notification for a handful of letters.
 */
export const statusOfLetter = Prisma.sql`(SELECT n.status FROM notification AS n WHERE n.id = d.notification_id)`;

/** Whether the dead letter `d` needs somebody: nobody has replayed it, and its notification has not gone on without. */
export const letterWaits = Prisma.sql`
  d.replayed_at IS NULL AND (d.notification_id IS NULL OR ${statusOfLetter} = 'PENDING')`;
