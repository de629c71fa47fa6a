import { type Database, Prisma, type Transaction } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import type { Mode } from "@tidings/shared/modes";
import { endpointWants, type WrittenReport } from "../reports/write-reports";
import { suppressedAddress } from "./suppressed-address";
import { suppressionFacts } from "./suppression-facts";
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
  /** The provider account that told of it, by which alone it can be taken back; absent where it came another way. */
  account?: string | null;
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
 * address and category the gravest stays, and what was not all told by one account belongs to none. Adding again changes
 * nothing.
 */
export async function addSuppressions(
  transaction: Transaction | Database,
  rows: readonly NewSuppression[],
): Promise<AddedSuppressions> {
  const byKey = gravestOfEach(rows);
  if (byKey.size === 0) return { added: [], reports: [] };
  const given = [...byKey.values()].map((row) => ({ id: newUuid(), ...row }));
  // In the order of the key, so that two who add the same addresses never wait for each other. Answered as one value:
  // Prisma takes longer over rows than Postgres does.
  const [{ added, reports }] = await transaction.$queryRaw<[Answer]>`
    WITH given AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(given)}::json) AS t (
        id uuid, "tenantId" uuid, mode text, channel text, address text, category text, reason text, detail text,
        account text)
    ),
    written AS (
      INSERT INTO suppression AS s (id, tenant_id, channel, address, category, reason, detail, account)
      SELECT id, "tenantId", channel, address, category, reason, detail, account FROM given
      ORDER BY "tenantId", channel, address, category
      ON CONFLICT (tenant_id, channel, address, category) DO UPDATE
      SET reason = CASE WHEN ${isGraver} THEN excluded.reason ELSE s.reason END,
        detail = CASE WHEN ${isGraver} THEN excluded.detail ELSE s.detail END,
        account = CASE WHEN s.account = excluded.account THEN s.account END
      WHERE ${isGraver} OR (s.account IS NOT NULL AND s.account IS DISTINCT FROM excluded.account)
      RETURNING s.id, s.created_at AS "createdAt", old.id IS NULL AS is_new
    ),
    added AS (
      SELECT g.*, w."createdAt" FROM written AS w JOIN given AS g USING (id) WHERE w.is_new
    ),
    told AS (
      INSERT INTO report (tenant_id, mode, endpoint_id, type, facts)
      SELECT v.tenant_id, v.mode, e.id, v.type, ${suppressionFacts}
      FROM (SELECT *, "tenantId" AS tenant_id, 'suppression.added' AS type FROM added) AS v
      JOIN endpoint AS e ON ${endpointWants}
      RETURNING id, endpoint_id AS "endpointId"
    )
    SELECT (SELECT coalesce(json_agg(added ORDER BY id), '[]') FROM added) AS added,
      (SELECT coalesce(json_agg(told ORDER BY id), '[]') FROM told) AS reports`;
  return { added: added.map((row) => ({ ...row, createdAt: new Date(row.createdAt) })), reports };
}

/** Of the row that is given, `excluded`, and the one that is there, `s`. */
const isGraver = Prisma.sql`(array_position(${suppressionReasons}::text[], excluded.reason)
  < array_position(${suppressionReasons}::text[], s.reason))`;

interface Answer {
  added: (Omit<AddedSuppression, "createdAt"> & { createdAt: string })[];
  reports: WrittenReport[];
}

/** The rows in the form they are stored in; of those for one address and category the gravest, of the account all are of. */
function gravestOfEach(rows: readonly NewSuppression[]): Map<string, NewSuppression> {
  const byKey = new Map<string, NewSuppression>();
  for (const row of rows) {
    const address = suppressedAddress(row.channel, row.address);
    if (address === null) continue;
    const { tenantId, mode, channel, category, reason, account = null } = row;
    const detail = row.detail?.replaceAll("\u0000", "").slice(0, maxDetailLength).toWellFormed() ?? null;
    const key = JSON.stringify([tenantId, channel, address, category]); // an address may hold any separator
    const given = { tenantId, mode, channel, address, category, reason, detail, account };
    const other = byKey.get(key) ?? given;
    const gravest = compareGravity(reason, other.reason) < 0 ? given : other;
    byKey.set(key, { ...gravest, account: other.account === account ? account : null });
  }
  return byKey;
}
