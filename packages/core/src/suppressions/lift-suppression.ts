import { type Database, Prisma } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import type { Owner } from "../owner";
import type { QueueReports } from "../reports/queue-reports";
import { removeSuppressions } from "./remove-suppressions";
import { suppressedAddress } from "./suppressed-address";
import type { SuppressedAddressQuery } from "./suppression-schemas";

/**
 * Lifts a suppression: its address may be sent to again.
 * @throws {Refusal} `not_found`
 */
export async function liftSuppression(
  { database, queueReports }: { database: Database; queueReports: QueueReports },
  owner: Owner,
  id: string,
): Promise<void> {
  const { ids, reports } = await removeSuppressions(database, owner, Prisma.sql`id = ${id}::uuid`);
  if (ids.length === 0) throw new Refusal("not_found", "There is no suppression with this id.");
  void queueReports(reports); // it never throws
}

/**
 * Lifts what is suppressed of an address on a channel: everything, or of one category.
 * @throws {Refusal} `not_found`
 */
export async function liftSuppressionsOf(
  { database, queueReports }: { database: Database; queueReports: QueueReports },
  owner: Owner,
  { channel, address, category }: SuppressedAddressQuery,
): Promise<void> {
  const held = suppressedAddress(channel, address) ?? address;
  const ofCategory = category === undefined ? Prisma.empty : Prisma.sql`AND category = ${category}`;
  const which = Prisma.sql`channel = ${channel} AND address = ${held} ${ofCategory}`;
  const { ids, reports } = await removeSuppressions(database, owner, which);
  if (ids.length === 0) throw new Refusal("not_found", `This address is not suppressed on ${channel}.`);
  void queueReports(reports); // it never throws
}
