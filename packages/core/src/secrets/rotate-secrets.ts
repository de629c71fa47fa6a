import { type Database, Prisma } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { endpointField } from "../endpoints/endpoint-secret";
import { accountField } from "../providers/settings/account-config";
import type { SealContext, Sealer } from "./sealer";

interface SealedRow {
  id: string;
  tenantId: string;
  sealed: string;
}

/** Every column that is sealed, and where its text belongs. */
const columns: readonly { table: string; column: string; fieldOf(row: SealedRow): SealContext }[] = [
  { table: "provider_account", column: "sealed_config", fieldOf: accountField },
  { table: "endpoint", column: "sealed_secret", fieldOf: (row) => endpointField(row, "secret") },
  { table: "endpoint", column: "sealed_previous_secret", fieldOf: (row) => endpointField(row, "previous_secret") },
  { table: "endpoint", column: "sealed_headers", fieldOf: (row) => endpointField(row, "headers") },
];

/** What became of a column's texts. */
export interface Rotation {
  /** `provider_account.sealed_config` */
  column: string;
  /** Sealed anew with the current secret. */
  renewed: number;
  /** Were sealed with it already. */
  current: number;
  /** Could not be opened: the secret they were sealed with is not known. They stay as they are. */
  unreadable: number;
}

/**
 * Seals with the current platform secret whatever was sealed with one before it, of all tenants. Safe to repeat, to break
 * off, and while everything runs: a text that is written meanwhile is left as its writer sealed it.
 * @param batch rows read at once
 */
export async function rotateSecrets(
  { database, sealer, logger }: { database: Database; sealer: Sealer; logger: Logger },
  batch = 500,
): Promise<Rotation[]> {
  const rotations: Rotation[] = [];
  for (const { table, column, fieldOf } of columns) {
    const rotation: Rotation = { column: `${table}.${column}`, renewed: 0, current: 0, unreadable: 0 };
    const [from, name] = [Prisma.raw(table), Prisma.raw(column)];

    function renewedOf(row: SealedRow): string | null {
      try {
        return sealer.seal(sealer.open(row.sealed, fieldOf(row)), fieldOf(row));
      } catch (err) {
        rotation.unreadable += 1;
        logger.warn({ err, id: row.id, column: rotation.column }, "a sealed text could not be opened");
        return null;
      }
    }

    for (let after = noUuid; ; ) {
      const rows = await database.$queryRaw<SealedRow[]>`
        SELECT id, tenant_id AS "tenantId", ${name} AS sealed FROM ${from}
        WHERE id > ${after}::uuid AND ${name} IS NOT NULL ORDER BY id LIMIT ${batch}`;
      const stale = rows.filter(({ sealed }) => sealer.isStale(sealed));
      rotation.current += rows.length - stale.length;
      const renewed = stale.flatMap((row) => {
        const text = renewedOf(row);
        return text === null ? [] : [{ ...row, text }];
      });
      if (renewed.length > 0) {
        rotation.renewed += await database.$executeRaw`
          UPDATE ${from} SET ${name} = given.text
          FROM unnest(
            ${renewed.map(({ id }) => id)}::uuid[], ${renewed.map(({ sealed }) => sealed)}::text[],
            ${renewed.map(({ text }) => text)}::text[]
          ) AS given (id, sealed, text)
          WHERE ${from}.id = given.id AND ${name} = given.sealed`;
      }
      const last = rows.at(-1);
      if (!last || rows.length < batch) break;
      after = last.id;
    }
    rotations.push(rotation);
  }
  return rotations;
}

const noUuid = "00000000-0000-0000-0000-000000000000";
