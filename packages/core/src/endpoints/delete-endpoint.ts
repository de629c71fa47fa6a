import type { Database } from "@tidings/db/client";
import type { Owner } from "../owner";
import { noEndpoint } from "./get-endpoint";

/** Reports of one statement. */
const batchSize = 5_000;

/**
 * Deletes an endpoint. What was still to be posted to it fails; its reports can be read as long as they are kept.
 * @throws {Refusal} `not_found`
 */
export async function deleteEndpoint(database: Database, { tenantId, mode }: Owner, id: string): Promise<void> {
  const { count } = await database.endpoint.deleteMany({ where: { tenantId, mode, id } });
  if (count === 0) throw noEndpoint(mode);
  let after = "00000000-0000-0000-0000-000000000000";
  while (true) {
    const failed = await database.$queryRaw<{ id: string }[]>`
      WITH failed AS (
        UPDATE report SET status = 'FAILED', settled_at = clock_timestamp(), next_attempt_at = NULL
        WHERE id IN (
          SELECT id FROM report
          WHERE endpoint_id = ${id}::uuid AND tenant_id = ${tenantId}::uuid AND id > ${after}::uuid AND status = 'PENDING'
          ORDER BY id LIMIT ${batchSize}
        )
        RETURNING id
      ),
      forgotten AS (DELETE FROM report_schedule WHERE report_id IN (SELECT id FROM failed))
      SELECT id FROM failed ORDER BY id DESC`;
    const [last] = failed;
    if (!last || failed.length < batchSize) return;
    after = last.id;
  }
}
