import { channels } from "@tidings/channels/registry";
import type { Database, Statements } from "@tidings/db/client";
import { createBatcher } from "@tidings/runtime/batcher";
import type { ReceivedMessage } from "@tidings/runtime/event-log/event-log";
import type { QueueEntry } from "@tidings/runtime/fair-queue";
import type { Logger } from "@tidings/runtime/logger";
import type { Metrics } from "@tidings/runtime/metrics";
import { type DeadMessage, storeDeadLetters } from "../dead-letters/store-dead-letters";
import { isUnavailable } from "../postgres-errors";
import type { QueueReports } from "../reports/queue-reports";
import { type WrittenReport, writeReports } from "../reports/write-reports";
import { withholdSuppressed } from "../suppressions/withhold-suppressed";
import { type FencedNotification, fenceNotifications } from "./fence-notifications";
import { insertDeliveries, type PlannedNotification } from "./insert-deliveries";
import { loadRecipients } from "./load-recipients";
import { loadTenantWishes, type TenantWishes } from "./load-tenant-wishes";
import { planDeliveries } from "./plan-deliveries";
import { type QueuedDelivery, queuedDeliveries } from "./queued-deliveries";
import { routingEvents } from "./routing-events";
import { type NotificationMessage, notificationMessage } from "./topics";

/** A delivery that is to be queued, and where. */
export type RoutedDelivery = QueueEntry & { channel: string };

export interface RouteDeps {
  database: Database;
  /** Hands deliveries to the fair queue of their channel. */
  enqueue(deliveries: readonly RoutedDelivery[]): Promise<void>;
  /** Names the sender of each delivery whose own limit counts. */
  withSenders(deliveries: readonly QueuedDelivery[]): Promise<RoutedDelivery[]>;
  queueReports: QueueReports;
  logger: Logger;
  metrics: Metrics;
}

interface Readable {
  message: NotificationMessage;
  received: ReceivedMessage;
}

/**
 * Stage 3. Turns a batch of published notifications into deliveries and queues them.
 * Safe to run twice: the fence lets a notification through once, and what was routed before is only queued again, which
 * the claim makes harmless. A message that can't be read, or whose notification can't be routed, becomes a dead letter
 * and the others go on.
 */
export function createRoute(deps: RouteDeps) {
  const { database, enqueue, logger, metrics } = deps;

  async function run(batch: readonly ReceivedMessage[]): Promise<readonly undefined[]> {
    const started = performance.now();
    const { readable, dead } = readMessages(batch);
    const routed = await routeOrBisect(deps, readable, dead);
    if (dead.length > 0) {
      await storeDeadLetters(database, dead);
      metrics.deadLetters.inc(dead.length);
      for (const { received, reason } of dead) {
        const { topic, partition, offset } = received;
        logger.error({ topic, partition, offset, reason }, "message became a dead letter");
      }
    }
    if (routed.length > 0) await enqueue(routed);
    metrics.stageSeconds.observe({ stage: "route" }, (performance.now() - started) / 1_000);
    return batch.map(() => undefined);
  }

  // Many partitions with a message each would cost a transaction each: they share one. What one partition hands in
  // stays in order, and it hands in no more before that is done.
  const batcher = createBatcher({ maxBatch: maxTogether, concurrency: 2, maxWaiting: 100_000, run });
  return async function route(batch: readonly ReceivedMessage[]): Promise<void> {
    await Promise.all(batch.map((message) => batcher.add(message)));
  };
}

/** Most messages routed in one transaction. */
const maxTogether = 500;

function readMessages(batch: readonly ReceivedMessage[]): { readable: Readable[]; dead: DeadMessage[] } {
  const readable: Readable[] = [];
  const dead: DeadMessage[] = [];
  for (const received of batch) {
    const message = readMessage(received.value);
    if (message) readable.push({ message, received });
    else dead.push({ received, message: null, reason: "the message is not a notification's" });
  }
  return { readable, dead };
}

function readMessage(value: Buffer): NotificationMessage | null {
  try {
    return notificationMessage.safeParse(JSON.parse(value.toString("utf8"))).data ?? null;
  } catch {
    return null; // not JSON: the caller makes a dead letter of it
  }
}

/** Routes all in one transaction; when that fails for a reason of its own, in halves, until the culprit stands alone. */
async function routeOrBisect(
  deps: RouteDeps,
  batch: readonly Readable[],
  dead: DeadMessage[],
): Promise<RoutedDelivery[]> {
  if (batch.length === 0) return [];
  try {
    return await routeTogether(
      deps,
      batch.map(({ message }) => message),
    );
  } catch (error) {
    if (isUnavailable(error)) throw error; // the whole batch comes again
    if (batch.length > 1) {
      const half = batch.length >> 1;
      const first = await routeOrBisect(deps, batch.slice(0, half), dead);
      return [...first, ...(await routeOrBisect(deps, batch.slice(half), dead))];
    }
    const [{ message, received }] = batch as readonly [Readable];
    deps.logger.error({ err: error, notificationId: message.id, tenantId: message.tenantId }, "routing failed");
    dead.push({ received, message, reason: "routing failed; the consumer's log has the error" });
    return [];
  }
}

async function routeTogether(deps: RouteDeps, messages: readonly NotificationMessage[]): Promise<RoutedDelivery[]> {
  // Asked on a connection of its own beside the fence, whose turn comes first: it costs no time.
  const wishes = loadTenantWishes(deps.database, messages);
  // Repeatable: what a crash of Postgres takes back is PENDING again, and whatever leaves the house does so after a claim,
  // whose commit waits for the disk and brings this one there.
  const routing = deps.database.direct.transaction(
    async (transaction) => routeFresh(transaction, await fenceNotifications(transaction, messages), await wishes),
    { isRepeatable: true },
  );
  const [{ planned, reports }] = await Promise.all([routing, wishes]);
  void deps.queueReports(reports); // it never throws
  count(deps.metrics, planned);
  const known = new Set(planned.map(({ notification }) => notification.id));
  const repeated = messages.filter((message) => !known.has(message.id));
  const again = repeated.length > 0 ? await queuedDeliveries(deps.database, repeated) : [];
  return await deps.withSenders([...planned.flatMap(toQueue), ...again]);
}

/** What is done of notifications this transaction fenced: their deliveries are planned and written, and told of. */
async function routeFresh(
  transaction: Statements,
  fenced: readonly FencedNotification[],
  { suppressing, watching }: TenantWishes,
): Promise<{ planned: readonly PlannedNotification[]; reports: readonly WrittenReport[] }> {
  if (fenced.length === 0) return { planned: [], reports: [] };
  const recipients = await loadRecipients(transaction, fenced);
  const reachable = fenced.map((notification) => {
    const recipient = recipients.get(`${notification.tenantId}\n${notification.recipientId}`) ?? null;
    return { notification, plan: planDeliveries({ notification, recipient, channels }) };
  });
  const planned = await withholdSuppressed(transaction, reachable, suppressing);
  insertDeliveries(transaction, planned);
  const watched = planned.filter(({ notification }) => watching.has(notification.tenantId));
  return { planned, reports: await writeReports(transaction, watched.flatMap(routingEvents)) };
}

function count(metrics: Metrics, planned: readonly PlannedNotification[]): void {
  metrics.routed.inc(planned.length);
  for (const { plan } of planned) {
    if (plan.deliveries.length === 0) metrics.unreachable.inc();
    for (const { channel, skipped } of plan.deliveries) {
      if (skipped !== undefined) metrics.outcome.inc({ channel, status: "SKIPPED" });
    }
  }
}

function toQueue({ notification: { tenantId, priority }, plan }: PlannedNotification): QueuedDelivery[] {
  return plan.deliveries
    .filter(({ skipped }) => skipped === undefined)
    .map(({ id, channel }) => ({ id, channel, tenantId, priority }));
}
