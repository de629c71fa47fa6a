import type { Database } from "@tidings/db/client";
import { uuidOfThen } from "./uuid-of-then";

const hourMs = 3_600_000;
/** Two whose message still waits, and one whose message went on by itself. */
const letters = [
  { reason: "the notification's template version is gone", hoursAgo: 2, waits: true },
  { reason: 'invalid input syntax for type json: Token "\\u0000" is invalid', hoursAgo: 7, waits: true },
  { reason: "statement timeout: canceling statement due to statement timeout", hoursAgo: 26, waits: false },
];

/** Messages of a tenant that could not be processed: like its latest ones, but that they were never routed. */
export async function seedDeadLetters(database: Database, tenantId: string, until: Date): Promise<void> {
  const latest = await database.notification.findMany({
    where: { tenantId, mode: "live", settledAt: { not: null } },
    orderBy: { id: "desc" },
    take: letters.length,
    select: { id: true },
  });
  for (const [index, { id: like }] of latest.entries()) {
    const { reason, hoursAgo, waits } = letters[index] ?? { reason: "", hoursAgo: 0, waits: false };
    const at = new Date(until.getTime() - hoursAgo * hourMs);
    const notificationId = waits ? uuidOfThen(at.getTime()) : like;
    if (waits)
      await database.$executeRaw`
        INSERT INTO notification (id, tenant_id, mode, status, priority, bulk, category, template_id, template_version,
          recipient_id, addresses, channels, data, locale, content, request_id, created_at)
        SELECT ${notificationId}::uuid, tenant_id, mode, 'PENDING', priority, bulk, category, template_id,
          template_version, recipient_id, addresses, channels, data, locale, content, request_id, ${at}::timestamptz
        FROM notification WHERE tenant_id = ${tenantId}::uuid AND id = ${like}::uuid`;
    await database.deadLetter.create({
      data: {
        ...{ id: uuidOfThen(at.getTime()), tenantId, mode: "live", notificationId, createdAt: at, reason },
        ...{
          topic: "tidings.notifications",
          partition: index,
          position: `${at.getTime()}-${Number.parseInt(tenantId.slice(-4), 16)}`,
        },
        payload: Buffer.from(JSON.stringify({ id: notificationId, tenantId, mode: "live", priority: 2 })),
      },
    });
  }
}
