import type { Transaction } from "@tidings/db/client";
import { isSentTo } from "../is-sent-to";
import { type ReportEvent, type WrittenReport, writeReports } from "../reports/write-reports";
import { addSuppressions } from "../suppressions/add-suppressions";
import { suppressedAddress } from "../suppressions/suppressed-address";
import type { AddressWish } from "./plan-receipts";

/** Most tenants that one word to a number of the platform concerns. */
const maxTenants = 1_000;
/** How long ago a tenant may have written to an address for its STOP to concern it. */
const remembered = "30 days";

/**
 * Suppresses addresses, or lifts what the person themselves asked for, in the order the wishes were made in.
 * @returns reports to be queued after the commit
 */
export async function grantWishes(transaction: Transaction, wishes: readonly AddressWish[]): Promise<WrittenReport[]> {
  const reports: WrittenReport[] = [];
  let rest = wishes;
  while (rest.length > 0) {
    // As many as are of one kind go together.
    const isLifting = rest[0]?.reason === null;
    const end = rest.findIndex(({ reason }) => (reason === null) !== isLifting);
    const run = end < 0 ? rest : rest.slice(0, end);
    reports.push(...(isLifting ? await lift(transaction, run) : await suppress(transaction, run)));
    rest = rest.slice(run.length);
  }
  return reports;
}

async function suppress(transaction: Transaction, wishes: readonly AddressWish[]): Promise<WrittenReport[]> {
  const rows = [];
  for (const wish of wishes) {
    const { reason, tenantId, mode, channels, address, category, receipt } = wish;
    if (reason === null) continue;
    const { reason: detail, account } = receipt;
    for (const channel of channels) {
      const tenantIds = tenantId === null ? await tenantsWritingTo(transaction, wish, channel) : [tenantId];
      rows.push(
        ...tenantIds.map((id) => ({ tenantId: id, mode, channel, address, category, reason, detail, account })),
      );
    }
  }
  const { reports } = await addSuppressions(transaction, rows);
  return reports;
}

/** Whoever wrote to an address over an account of the platform: a range of an index for each tenant. */
async function tenantsWritingTo(
  transaction: Transaction,
  { receipt, address }: AddressWish,
  channel: string,
): Promise<string[]> {
  const tenants = await transaction.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM tenant AS t
    WHERE EXISTS (
      SELECT FROM delivery AS d
      JOIN sent_message AS s ON s.account = ${receipt.account} AND s.provider_message_id = d.provider_message_id
        AND s.delivery_id = d.id
      WHERE d.tenant_id = t.id AND ${isSentTo([address])} AND d.channel = ${channel}
        AND d.id >= uuid_at(clock_timestamp() - ${remembered}::interval))
    LIMIT ${maxTenants}`;
  return tenants.map(({ id }) => id);
}

interface Lifted {
  id: string;
  tenantId: string;
  channel: string;
  address: string;
  category: string;
  reason: string;
  detail: string | null;
}

/**
 * Lifts STOPs and unsubscribes that are older than the wish and were told by the same account alone, whose ever they are where
 * it is the platform's: others were said to another number too, or brought along by their tenant.
 */
async function lift(transaction: Transaction, wishes: readonly AddressWish[]): Promise<WrittenReport[]> {
  const lifted: Lifted[] = [];
  for (const { tenantId, channels, address, receipt } of wishes) {
    for (const channel of channels) {
      const key = suppressedAddress(channel, address);
      if (key === null) continue;
      const rows = await transaction.$queryRaw<Lifted[]>`
        DELETE FROM suppression AS s USING tenant AS t
        WHERE s.tenant_id = t.id AND s.channel = ${channel} AND s.address = ${key}
          AND s.reason IN ('stop', 'unsubscribe') AND s.created_at <= ${receipt.at}
          AND s.account = ${receipt.account} AND t.id = coalesce(${tenantId}::uuid, t.id)
        RETURNING s.id, s.tenant_id AS "tenantId", s.channel, s.address, s.category, s.reason, s.detail`;
      lifted.push(...rows);
    }
  }
  const events = lifted.map(
    ({ tenantId, ...facts }): ReportEvent => ({
      tenantId,
      mode: "live",
      type: "suppression.removed",
      channel: facts.channel,
      category: facts.category || null,
      facts: { ...facts, category: facts.category || null },
    }),
  );
  return await writeReports(transaction, events);
}
