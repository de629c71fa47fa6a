import { type Database, Prisma } from "@tidings/db/client";
import type { PersonName } from "./person-schemas";

/** All that a person is known by. */
export interface Person {
  /** The tenant's own ids of the recipients they are. */
  recipientIds: string[];
  /** Addresses that were named: whoever else has one in their record, it is this person's. */
  named: string[];
  /** Those, and addresses that are or were the recipients': a row of another recipient stays although it has one of them. */
  addresses: string[];
}

/**
 * Finds what a person is known by: the recipients that are named or have an address that is named, with the addresses they
 * are stored with and those that messages to them went to.
 */
export async function findPerson(
  database: Database,
  tenantId: string,
  { id, ...addresses }: PersonName,
): Promise<Person> {
  const given = Object.entries(addresses).flatMap(([field, value]) => (value === undefined ? [] : [{ field, value }]));
  const named = variantsOf(given.map(({ value }) => value));
  const recipients = await database.$queryRaw<{ id: string; addresses: Record<string, string>; tokens: string[] }[]>`
    SELECT r.id, r.addresses,
      ARRAY(SELECT token FROM device WHERE tenant_id = r.tenant_id AND recipient_id = r.id) AS tokens
    FROM recipient AS r
    WHERE r.tenant_id = ${tenantId}::uuid AND (
      r.id = ${id ?? null}
      OR EXISTS (SELECT FROM jsonb_each_text(r.addresses) WHERE value = ANY(${named}::text[]) OR lower(value) = ANY(${named}::text[]))
      OR r.id IN (SELECT recipient_id FROM device WHERE tenant_id = ${tenantId}::uuid AND token = ANY(${named}::text[])))`;
  const recipientIds = [
    ...new Set([...(id === undefined ? [] : [id]), ...recipients.map((recipient) => recipient.id)]),
  ];
  const stored = recipients.flatMap((recipient) => [...Object.values(recipient.addresses), ...recipient.tokens]);
  const written = await addressesWrittenTo(database, tenantId, recipientIds);
  return { recipientIds, named, addresses: variantsOf([...named, ...stored, ...written]) };
}

/** Email addresses are written in more than one way: in lower case they are compared, and suppressions hold them. */
function variantsOf(addresses: readonly string[]): string[] {
  const lower = addresses.filter((address) => address.includes("@")).map((address) => address.toLowerCase());
  return [...new Set([...addresses, ...lower])];
}

/** Addresses of deliveries to recipients. An inbox's is the recipient's id, which is no address. */
async function addressesWrittenTo(
  database: Database,
  tenantId: string,
  recipientIds: readonly string[],
): Promise<string[]> {
  if (recipientIds.length === 0) return [];
  const rows = await database.$queryRaw<{ address: string }[]>`
    SELECT DISTINCT d.address
    FROM notification AS n
    CROSS JOIN LATERAL (
      SELECT address FROM delivery
      WHERE id BETWEEN (left(n.id::text, 28) || '00000000')::uuid AND (left(n.id::text, 28) || 'ffffffff')::uuid
        AND tenant_id = n.tenant_id AND notification_id = n.id AND channel <> 'in_app'
      OFFSET 0 -- a range of the primary key for each, never a join over the table
    ) AS d
    WHERE n.tenant_id = ${tenantId}::uuid AND n.recipient_id = ANY(${recipientIds}::text[])`;
  return rows.map(({ address }) => address);
}

/**
 * Whether a row with these columns is about the person: to one of their recipients, or to an address of theirs and to
 * nobody else's record.
 */
export function isAbout(person: Person, recipientId: Prisma.Sql, address: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(${recipientId} = ANY(${person.recipientIds}::text[]) OR ${isOneOf(address, person.named)}
    OR (${recipientId} IS NULL AND ${isOneOf(address, person.addresses)}))`;
}

/** Whether an address is one of a person's, however the case of an email address is written. */
export function isOneOf(address: Prisma.Sql, addresses: readonly string[]): Prisma.Sql {
  return Prisma.sql`(${address} = ANY(${addresses}::text[])
    OR (position('@' IN ${address}) > 0 AND lower(${address} COLLATE "C") = ANY(${addresses}::text[])))`;
}
