import type { Database } from "@tidings/db/client";

/** Entries that are looked at: who comes up in none of them is found by typing. */
const most = 10_000;

/** Who did something in a tenant of late, and what: the choices its audit log can be narrowed down by, in alphabetical order. */
export async function listAuditTerms(
  database: Database,
  tenantId: string,
): Promise<{ actors: string[]; actions: string[] }> {
  const [terms] = await database.$queryRaw<[{ actors: string[]; actions: string[] }]>`
    SELECT
      coalesce(array_agg(DISTINCT actor ORDER BY actor), '{}') AS actors,
      coalesce(array_agg(DISTINCT action ORDER BY action), '{}') AS actions
    FROM (
      SELECT actor, action FROM audit_entry WHERE tenant_id = ${tenantId}::uuid ORDER BY id DESC LIMIT ${most}) AS latest`;
  return terms;
}
