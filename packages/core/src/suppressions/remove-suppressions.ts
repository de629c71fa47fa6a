import type { Database, Prisma } from "@tidings/db/client";
import type { Owner } from "../owner";
import { endpointWants, type WrittenReport } from "../reports/write-reports";
import { suppressionFacts } from "./suppression-facts";

export interface RemovedSuppressions {
  ids: string[];
  /** Of `suppression.removed`: to be queued after the commit. */
  reports: WrittenReport[];
}

/**
 * Removes a tenant's suppressions, so that their addresses may be sent to again, and writes a report of each.
 * @param which over the columns of `suppression`
 */
export async function removeSuppressions(
  database: Database,
  { tenantId, mode }: Owner,
  which: Prisma.Sql,
): Promise<RemovedSuppressions> {
  const [removed] = await database.$queryRaw<[RemovedSuppressions]>`
    WITH removed AS (
      DELETE FROM suppression WHERE tenant_id = ${tenantId}::uuid AND ${which}
      RETURNING *
    ),
    told AS (
      INSERT INTO report (tenant_id, mode, endpoint_id, type, facts)
      SELECT v.tenant_id, v.mode, e.id, v.type, ${suppressionFacts}
      FROM (SELECT *, ${mode} AS mode, 'suppression.removed' AS type FROM removed) AS v
      JOIN endpoint AS e ON ${endpointWants}
      RETURNING id, endpoint_id AS "endpointId"
    )
    SELECT (SELECT coalesce(json_agg(id), '[]') FROM removed) AS ids,
      (SELECT coalesce(json_agg(told), '[]') FROM told) AS reports`;
  return removed;
}
