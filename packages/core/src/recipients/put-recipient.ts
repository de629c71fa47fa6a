import type { Database, Prisma, Transaction } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { type RecipientRow, withDevices } from "./present-recipient";
import type { RecipientBody, RecipientFacts } from "./recipient-schemas";

/**
 * Stores a recipient, as a whole: what was known of it before and is not given now is gone, devices included.
 * @param id the tenant's own id of the recipient
 */
export async function putRecipient(
  database: Database,
  tenantId: string,
  id: string,
  { devices = [], ...facts }: RecipientBody,
): Promise<RecipientRow> {
  const fields = fieldsOf(facts);
  return await database.$transaction(
    async (transaction) => {
      await transaction.recipient.upsert({
        where: { tenantId_id: { tenantId, id } },
        create: { tenantId, id, ...fields },
        update: fields,
      });
      await replaceDevices(transaction, { tenantId, recipientId: id }, devices);
      return await transaction.recipient.findUniqueOrThrow({
        where: { tenantId_id: { tenantId, id } },
        include: withDevices,
      });
    },
    { timeout: 20_000, maxWait: 10_000 },
  );
}

/** What a recipient's row holds of what was given. */
export function fieldsOf({ locale = null, timeZone = null, data = {}, ...addresses }: RecipientFacts) {
  return { addresses: withoutAbsent(addresses), locale, timeZone, data: data as Prisma.InputJsonObject };
}

/** A token is one app installation: whoever is signed in there now has it, and nobody else of the tenant. */
async function replaceDevices(
  transaction: Transaction,
  { tenantId, recipientId }: { tenantId: string; recipientId: string },
  devices: NonNullable<RecipientBody["devices"]>,
): Promise<void> {
  const tokens = devices.map(({ token }) => token);
  // Locked in one order everywhere, those not stored yet too, so that recipients who swap devices never deadlock.
  await transaction.$queryRaw`
    SELECT pg_advisory_xact_lock(lock)::text FROM (
      SELECT DISTINCT hashtextextended('tidings.device ' || ${tenantId} || token, 0) AS lock FROM (
        SELECT unnest(${tokens}::text[]) AS token
        UNION SELECT token FROM device WHERE tenant_id = ${tenantId}::uuid AND recipient_id = ${recipientId}
      ) AS concerned
      ORDER BY lock
    ) AS ordered`;
  await transaction.device.deleteMany({ where: { tenantId, recipientId, token: { notIn: tokens } } });
  if (devices.length === 0) return;
  await transaction.$executeRaw`
    INSERT INTO device (id, tenant_id, recipient_id, token, platform)
    SELECT id, ${tenantId}::uuid, ${recipientId}, token, platform
    FROM unnest(
      ${devices.map(() => newUuid())}::uuid[], ${tokens}::text[], ${devices.map(({ platform }) => platform)}::text[]
    ) AS given (id, token, platform)
    ORDER BY token
    ON CONFLICT (tenant_id, token) DO UPDATE SET recipient_id = excluded.recipient_id, platform = excluded.platform`;
}

function withoutAbsent(fields: Record<string, string | null | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] != null));
}
