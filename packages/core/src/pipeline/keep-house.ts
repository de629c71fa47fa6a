import type { Database } from "@tidings/db/client";
import { createPartitions, dropWeek, weeksBefore } from "@tidings/db/partitions";
import { keepAttachments } from "../attachments/keep-attachments";
import { keepReceipts } from "../receipts/keep-receipts";
import { keepPlanRetention, type RetentionDeps } from "./keep-plan-retention";

const dayMs = 24 * 60 * 60 * 1_000;
const aheadMs = 5 * 7 * dayMs;
const pageSize = 2_000;

/**
 * Makes partitions five weeks ahead; drops stored answers of Idempotency-Keys after two days, mails of invitations that are no
 * longer counted, and receipts and uploads after their days.
 */
export async function keepHouse(database: Database): Promise<void> {
  const now = Date.now();
  await createPartitions(database, new Date(now), new Date(now + aheadMs));
  for (let dropped = pageSize; dropped === pageSize; ) {
    dropped = await database.$executeRaw`
      DELETE FROM idempotency_key WHERE ctid IN (
        SELECT ctid FROM idempotency_key WHERE created_at < now() - interval '48 hours' LIMIT ${pageSize})`;
  }
  await database.$executeRaw`DELETE FROM invitation_mail WHERE created_at < now() - interval '24 hours'`;
  await keepReceipts(database);
  await keepAttachments(database);
}

/**
 * Drops the weeks of notifications, deliveries and attempts that lie wholly before the retention, with their dead letters,
 * and messages of that age that could not even be read. A week with anything unsettled stays until it is settled; one that
 * another process is dropping, or whose tables are locked, is left to the next run. Inboxes and usage stay.
 * Then tenants whose plan keeps less have their turn.
 */
export async function keepRetention(deps: RetentionDeps, retentionDays: number): Promise<void> {
  const { database, logger, metrics } = deps;
  const before = new Date(Date.now() - retentionDays * dayMs);
  for (const week of await weeksBefore(database, before)) {
    const outcome = await dropWeek(database, week);
    if (outcome === "dropped") {
      metrics.partitionsDropped.inc();
      logger.info({ week, retentionDays }, "dropped a week that is older than the retention");
    } else {
      logger.info(
        { week, retentionDays, reason: outcome },
        "a week that is older than the retention stays: something in it is unsettled, or it is in use",
      );
    }
  }
  await database.$executeRaw`DELETE FROM dead_letter WHERE notification_id IS NULL AND id < uuid_at(${before})`;
  await keepPlanRetention(deps, retentionDays);
}
