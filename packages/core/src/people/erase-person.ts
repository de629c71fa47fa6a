import { channels } from "@tidings/channels/registry";
import { type Database, Prisma, type Transaction } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { newUuid } from "@tidings/shared/ids";
import { modes } from "@tidings/shared/modes";
import { isSentTo } from "../is-sent-to";
import { isUnavailable } from "../postgres-errors";
import type { QueueReports } from "../reports/queue-reports";
import {
  eraseLateAttempts,
  eraseNotifications,
  eraseReceipts,
  eraseReports,
  type InFlight,
} from "./erase-notifications";
import { erasedAddress } from "./erased-address";
import { findPerson, isAbout, isOneOf, type Person } from "./find-person";
import { type ErasedCounts, type ErasePersonBody, nothingErased } from "./person-schemas";

export interface ErasePersonDeps {
  database: Database;
  queueReports: QueueReports;
  logger: Logger;
}

/** Who wants a person erased. */
export interface ErasureRequester {
  tenantId: string;
  /** The public id of the API key, or the address of the member of the team. */
  requestedBy: string;
}

/** Notifications erased in one transaction. */
const pageSize = 200;
/** Notifications looked through at once for addresses that no delivery has. */
const lookSize = 20_000;
/** A report or a route may hold what an erasure wants in another order: Postgres breaks that up, and we try again. */
const maxTries = 5;

/**
 * Erases a person from all tables, of both modes, and leaves a row that tells how much and never whom.
 *
 * What the person can be found by goes last, so that an erasure that was cut short is completed by asking again. Besides
 * what indexes find, it looks through all notifications that the tenant keeps, some 100,000 a second, for addresses that
 * were given with a request and never sent to.
 */
export async function erasePerson(
  deps: ErasePersonDeps,
  { tenantId, requestedBy }: ErasureRequester,
  { person: named, keepSuppressions }: ErasePersonBody,
): Promise<Prisma.ErasureModel> {
  const { database, logger } = deps;
  const person = await findPerson(database, tenantId, named);
  const total = { ...nothingErased };
  const add = (counts: Partial<ErasedCounts>) => {
    for (const [name, count] of Object.entries(counts)) total[name as keyof ErasedCounts] += count;
  };

  const inFlight: InFlight[] = [];

  async function erasePages(nextIds: () => Promise<string[]>): Promise<void> {
    for (let ids = await nextIds(); ids.length > 0; ids = await nextIds()) {
      const { counts, reports, ...ended } = await inTransaction(database, (transaction) =>
        eraseNotifications(transaction, tenantId, person, ids),
      );
      void deps.queueReports(reports); // it never throws
      add(counts);
      inFlight.push(...ended.inFlight);
    }
  }

  await erasePages(() => sentToAddresses(database, tenantId, person));
  await erasePages(givenAddresses(database, tenantId, person));
  await erasePages(() => ofRecipients(database, tenantId, person));
  add(await inTransaction(database, (transaction) => eraseByAddress(transaction, tenantId, person, keepSuppressions)));
  add({ auditEntries: await eraseAudited(database, tenantId, person) });
  add(await inTransaction(database, (transaction) => eraseRecipients(transaction, tenantId, person)));
  add(await eraseLateAttempts(database, tenantId, inFlight));

  const data = { id: newUuid(), tenantId, requestedBy, erased: total };
  const erasure = await database.erasure.create({ data });
  logger.info({ tenantId, erasureId: erasure.id, ...total }, "a person was erased");
  return erasure;
}

async function inTransaction<Result>(
  database: Database,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await database.$transaction(work, { timeout: 30_000, maxWait: 10_000 });
    } catch (error) {
      if (!isUnavailable(error) || tries >= maxTries) throw error;
    }
  }
}

/** What was erased is not found again: each call gives the next page. */
async function sentToAddresses(database: Database, tenantId: string, person: Person): Promise<string[]> {
  if (person.addresses.length === 0) return [];
  const rows = await database.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT notification_id AS id FROM delivery AS d
    WHERE tenant_id = ${tenantId}::uuid AND ${isSentTo(person.addresses)} AND address <> ${erasedAddress}
      AND ${isAbout(person, Prisma.sql`d.recipient_id`, Prisma.sql`d.address`)}
    LIMIT ${pageSize}`;
  return rows.map(({ id }) => id);
}

async function ofRecipients(database: Database, tenantId: string, { recipientIds }: Person): Promise<string[]> {
  if (recipientIds.length === 0) return [];
  const rows = await database.$queryRaw<{ id: string }[]>`
    SELECT id FROM notification
    WHERE tenant_id = ${tenantId}::uuid AND recipient_id = ANY(${recipientIds}::text[]) LIMIT ${pageSize}`;
  return rows.map(({ id }) => id);
}

/** Notifications that were given an address of the person's, whether it was used or not: a look at each there is. */
function givenAddresses(database: Database, tenantId: string, person: Person): () => Promise<string[]> {
  let after: string | null = "00000000-0000-0000-0000-000000000000";
  return async () => {
    while (after !== null && person.addresses.length > 0) {
      const [row]: { ids: string[]; last: string | null }[] = await database.$queryRaw`
        SELECT
          coalesce(array_agg(n.id) FILTER (WHERE n.addresses <> '{}' AND EXISTS (
            SELECT FROM jsonb_each_text(n.addresses) AS given
            WHERE ${isAbout(person, Prisma.sql`n.recipient_id`, Prisma.sql`given.value`)})), '{}') AS ids,
          (array_agg(n.id ORDER BY n.id DESC))[1] AS last
        FROM (
          SELECT id, addresses, recipient_id FROM notification
          WHERE tenant_id = ${tenantId}::uuid AND id > ${after}::uuid ORDER BY id LIMIT ${lookSize}
        ) AS n`;
      after = row?.last ?? null;
      if (row && row.ids.length > 0) return row.ids;
    }
    return [];
  };
}

/** What knows the person by an address alone. */
async function eraseByAddress(
  transaction: Transaction,
  tenantId: string,
  { addresses, recipientIds }: Person,
  keepSuppressions: boolean,
): Promise<Partial<ErasedCounts>> {
  const where = { tenantId, channel: { in: [...channels.keys()] }, address: { in: [...addresses, ...recipientIds] } };
  const suppressions = keepSuppressions ? 0 : (await transaction.suppression.deleteMany({ where })).count;
  const told = await eraseReports(
    transaction,
    Prisma.sql`tenant_id = ${tenantId}::uuid AND notification_id IS NULL AND type LIKE 'suppression.%'
      AND facts ->> 'address' = ANY(${addresses}::text[])`,
  );
  const received = await eraseReceipts(
    transaction,
    Prisma.sql`tenant_id = ${tenantId}::uuid AND delivery_id IS NULL AND ${isOneOf(Prisma.sql`address`, addresses)}`,
  );
  return { suppressions, ...told, ...received };
}

/** Of what the team did to the person, the audit log keeps who did it and when. */
async function eraseAudited(
  database: Database,
  tenantId: string,
  { recipientIds, addresses }: Person,
): Promise<number> {
  const names = [...recipientIds, ...addresses];
  return await database.$executeRaw`
    UPDATE audit_entry AS a SET target = ${erasedAddress}, before = NULL, after = NULL
    WHERE tenant_id = ${tenantId}::uuid AND split_part(action, '.', 1) IN ('recipient', 'person', 'suppression')
      AND (target = ANY(${names}::text[]) OR EXISTS (
        SELECT FROM unnest(${names.map((name) => JSON.stringify(name))}::text[]) AS named
        WHERE position(lower(named) IN lower(concat(before, after))) > 0))`;
}

async function eraseRecipients(
  transaction: Transaction,
  tenantId: string,
  { recipientIds, named }: Person,
): Promise<Partial<ErasedCounts>> {
  const ofThem = { tenantId, recipientId: { in: recipientIds } };
  const inboxItems = await transaction.inboxItem.deleteMany({ where: { ...ofThem, mode: { in: [...modes] } } });
  const devices = await transaction.device.deleteMany({
    where: { tenantId, OR: [{ recipientId: { in: recipientIds } }, { token: { in: named } }] },
  });
  const recipients = await transaction.recipient.deleteMany({ where: { tenantId, id: { in: recipientIds } } });
  return { inboxItems: inboxItems.count, devices: devices.count, recipients: recipients.count };
}
