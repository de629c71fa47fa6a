import type { Database } from "@tidings/db/client";
import type { Owner } from "../owner";
import type { QueueReports } from "../reports/queue-reports";
import { addSuppressions } from "./add-suppressions";
import { type ListedSuppression, readSuppressionList } from "./read-suppression-list";
import type { PublicImport } from "./suppression-schemas";

/** Suppressions added in one statement. */
const batchSize = 1_000;
/** Most faults that are told; the rest is only counted. */
const maxFaults = 100;

/**
 * Adds the suppressions of a list in CSV while it is read, a batch at a time: one that breaks off has added what came
 * before. Importing again changes nothing.
 * @throws {Refusal} `malformed_csv`, `body_too_large`
 */
export async function importSuppressions(
  { database, queueReports }: { database: Database; queueReports: QueueReports },
  { tenantId, mode }: Owner,
  bytes: AsyncIterable<Uint8Array>,
): Promise<PublicImport> {
  const result: PublicImport = { read: 0, added: 0, known: 0, refused: 0, faults: [] };
  let batch: ListedSuppression[] = [];

  async function flush(): Promise<void> {
    const rows = batch.map((row) => ({ tenantId, mode, ...row }));
    batch = [];
    const { added, reports } = await addSuppressions(database, rows);
    void queueReports(reports); // it never throws
    result.added += added.length;
    result.known += rows.length - added.length;
  }

  for await (const { line, ...said } of readSuppressionList(bytes)) {
    result.read += 1;
    if ("row" in said) {
      batch.push(said.row);
    } else {
      result.refused += 1;
      if (result.faults.length < maxFaults) result.faults.push({ line, message: said.fault });
    }
    if (batch.length === batchSize) await flush();
  }
  if (batch.length > 0) await flush();
  return result;
}
