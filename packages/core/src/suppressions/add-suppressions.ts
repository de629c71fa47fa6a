import type { Transaction } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import type { Mode } from "@tidings/shared/modes";
import { type WrittenReport, writeReports } from "../reports/write-reports";
import { suppressedAddress } from "./suppressed-address";
import { compareGravity, type SuppressionReason, suppressionReasons } from "./suppression-reasons";

/** An address not to send to any more. */
export interface NewSuppression {
  tenantId: string;
  /** Of the key or the delivery it came from: whose endpoints are told. What is suppressed is so in both modes. */
  mode: Mode;
  channel: string;
  /** Brought into its channel's form; one that is no address of the channel is left out, as nothing is sent to it. */
  address: string;
  /** Empty: every category. */
  category: string;
  reason: SuppressionReason;
  /** A provider's words, or a person's. */
  detail: string | null;
}

export interface AddedSuppression extends NewSuppression {
  id: string;
  createdAt: Date;
}

export interface AddedSuppressions {
  /** Those that were not suppressed before. */
  added: AddedSuppression[];
  /** Of `suppression.added`: to be queued after the commit. */
  reports: WrittenReport[];
}

/** Longest detail kept; some providers are wordy. */
const maxDetailLength = 1_000;

/**
 * Suppresses addresses: one statement, however many, and a report of each that is new. Of several reasons for the same
 * address and category the gravest stays. Adding again changes nothing.
 */
export async function addSuppressions(
  transaction: Transaction,
  rows: readonly NewSuppression[],
): Promise<AddedSuppressions> {
  const byKey = gravestOfEach(rows);
  if (byKey.size === 0) return { added: [], reports: [] };
  const given = [...byKey.values()].map(({ tenantId, channel, address, category, reason, detail }) => ({
    id: newUuid(),
    tenantId,
    channel,
    address,
    category,
    reason,
    detail,
  }));
  // In the order of the key, so that two who add the same addresses never wait for each other.
  const created = await transaction.$queryRaw<Omit<AddedSuppression, "mode">[]>`
    WITH written AS (
      INSERT INTO suppression AS s (id, tenant_id, channel, address, category, reason, detail)
      SELECT id, "tenantId", channel, address, category, reason, detail
      FROM json_to_recordset(${JSON.stringify(given)}::json) AS t (
        id uuid, "tenantId" uuid, channel text, address text, category text, reason text, detail text)
      ORDER BY "tenantId", channel, address, category
      ON CONFLICT (tenant_id, channel, address, category) DO UPDATE
      SET reason = excluded.reason, detail = excluded.detail
      WHERE array_position(${suppressionReasons}::text[], excluded.reason)
        < array_position(${suppressionReasons}::text[], s.reason)
      RETURNING s.*, old.id IS NULL AS is_new
    )
    SELECT id, tenant_id AS "tenantId", channel, address, category, reason, detail, created_at AS "createdAt"
    FROM written WHERE is_new`;
  const added = created.map((row) => ({ ...row, mode: (byKey.get(keyOf(row)) as NewSuppression).mode }));
  const events = added.map(({ tenantId, mode, id, channel, address, category, reason, detail }) => ({
    tenantId,
    mode,
    type: "suppression.added",
    channel,
    category: category || null,
    facts: { id, channel, address, category: category || null, reason, detail },
  }));
  return { added, reports: await writeReports(transaction, events) };
}

/** The rows in the form they are stored in; of those for one address and category the gravest. */
function gravestOfEach(rows: readonly NewSuppression[]): Map<string, NewSuppression> {
  const byKey = new Map<string, NewSuppression>();
  for (const row of rows) {
    const address = suppressedAddress(row.channel, row.address);
    if (address === null) continue;
    const detail = row.detail?.replaceAll("\u0000", "").slice(0, maxDetailLength).toWellFormed() ?? null;
    const key = keyOf({ ...row, address });
    const other = byKey.get(key);
    if (!other || compareGravity(row.reason, other.reason) < 0) byKey.set(key, { ...row, address, detail });
  }
  return byKey;
}

/** JSON keeps apart what a separator could run together: an address may hold any character. */
function keyOf({ tenantId, channel, address, category }: Omit<NewSuppression, "mode" | "reason" | "detail">): string {
  return JSON.stringify([tenantId, channel, address, category]);
}
