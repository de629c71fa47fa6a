import { Prisma } from "@tidings/db/client";

/**
 * Whether a delivery `d` went to one of some addresses, whatever case they are written in: by the index there is, in which
 * letters of ASCII alone are lowered. Mailboxes differ in no others, and languages agree on no others.
 */
export function isSentTo(addresses: readonly string[]): Prisma.Sql {
  const lower = addresses.map((address) => address.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()));
  return Prisma.sql`lower(d.address COLLATE "C") = ANY(${[...new Set(lower)]}::text[])`;
}
