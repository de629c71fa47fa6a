import type { Database } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";

const reasons = [
  "the notification's template version is gone",
  "statement timeout: canceling statement due to statement timeout",
  'invalid input syntax for type json: Token "\\u0000" is invalid',
];

/** Messages of a tenant that could not be processed: one for each reason, of the latest notifications. */
export async function seedDeadLetters(database: Database, tenantId: string): Promise<void> {
  const latest = await database.notification.findMany({
    where: { tenantId, mode: "live", settledAt: { not: null } },
    orderBy: { id: "desc" },
    take: reasons.length,
    select: { id: true, mode: true },
  });
  await database.deadLetter.createMany({
    data: latest.map(({ id, mode }, index) => ({
      ...{ id: newUuid(), tenantId, mode, notificationId: id, topic: "tidings.notifications", partition: index },
      position: `seed-${id}`,
      payload: Buffer.from(JSON.stringify({ id, tenantId, mode, priority: 2 })),
      reason: reasons[index] ?? "",
    })),
  });
}
