import { channels } from "@tidings/channels/registry";
import { Prisma } from "@tidings/db/client";

/**
 * An address as suppressions hold it: in the form its channel sends to, and an email address in lower case. Mailboxes whose
 * names differ in case alone are one mailbox everywhere, and providers report them in lower case.
 * @returns null when it is no address of the channel, so that nothing is ever sent to it
 */
export function suppressedAddress(channel: string, address: string): string | null {
  const normal = channels.get(channel)?.addressField.schema.safeParse(address.trim()).data ?? null;
  return normal !== null && channel === "email" ? normal.toLowerCase() : normal;
}

/**
 * The same, of a delivery's address: from columns of a row `v`. Lowered by "C", as some languages put no dot on the i of an I;
 * compared by the column's own collation, as its index is.
 */
export const suppressedAddressOf = Prisma.sql`CASE v.channel
  WHEN 'email' THEN lower(v.address COLLATE "C") COLLATE "default" ELSE v.address END`;
