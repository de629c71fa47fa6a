import type { ReceiptKind } from "@tidings/channels/receipt";
import { openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { newUuid } from "@tidings/shared/ids";
import type { DeliveryStatus } from "@tidings/shared/lifecycles";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeEach } from "vitest";
import { deliveryId } from "../../pipeline/delivery-id";
import type { WrittenReport } from "../../reports/write-reports";
import { type ApplyReceiptsDeps, applyWaitingReceipts } from "../apply-receipts";

/** A delivery whose message the provider took. */
export interface Written {
  notificationId: string;
  id: string;
  messageId: string;
}
interface Wanted {
  tenantId?: string;
  channel?: string;
  address?: string;
  category?: string;
  notification?: string;
  account?: string;
}

interface Told {
  account?: string;
  tenantId?: string | null;
  provider?: string;
  channel?: string | null;
  address?: string | null;
  eventId?: string;
  id?: string;
  at?: Date;
  url?: string;
  reason?: string;
}

/** Receipts of one tenant's own account; tenant and account are each test's own. */
export async function startReceipts() {
  const at = { tenantId: "", account: "" };
  const queued: WrittenReport[] = [];
  const logLines: string[] = [];
  const database = openDatabase({ url: await createTestDatabase(), poolSize: 8, applicationName: "test" });
  const destination = { write: (line: string) => void logLines.push(line) };
  const deps: ApplyReceiptsDeps = {
    database,
    queueReports: async (reports) => void queued.push(...reports),
    logger: createLogger({ name: "test", level: "info", destination }),
    metrics: createMetrics({ process: "test" }),
  };
  afterAll(() => database.$disconnect());
  beforeEach(async () => {
    at.tenantId = (await createTestTenant(database)).id;
    at.account = newUuid();
  });

  /** A notification with a delivery in each of these states, whose messages the provider took. */
  async function written(statuses: readonly DeliveryStatus[], wanted: Wanted = {}): Promise<Written[]> {
    const notificationId = newUuid();
    const { channel = "email", notification = "PROCESSING" } = wanted;
    const common = { tenantId: wanted.tenantId ?? at.tenantId, mode: "live", priority: 2, createdAt: new Date() };
    await database.notification.create({
      data: {
        ...common,
        id: notificationId,
        status: notification,
        category: wanted.category ?? null,
        bulk: false,
        addresses: {},
        channels: [channel],
        requestId: "req",
      },
    });
    const deliveries = statuses.map((status, index) => {
      const address = wanted.address ?? `${index}-${notificationId.slice(-12)}@example.com`;
      return { id: deliveryId(notificationId, channel, address), status, address, messageId: `msg-${newUuid()}` };
    });
    await database.delivery.createMany({
      data: deliveries.map(({ messageId, ...delivery }) => ({
        ...common,
        ...delivery,
        notificationId,
        channel,
        siblings: statuses.length,
        attempt: 1,
        ...(delivery.status === "SENT" && {
          provider: "ses",
          providerMessageId: messageId,
          units: 1,
          sentAt: new Date(),
          settledAt: new Date(),
        }),
      })),
    });
    await database.sentMessage.createMany({
      data: deliveries.map(({ id, messageId }) => ({
        account: wanted.account ?? at.account,
        providerMessageId: messageId,
        tenantId: common.tenantId,
        deliveryId: id,
        units: 3,
      })),
    });
    return deliveries.map(({ id, messageId }) => ({ notificationId, id, messageId }));
  }

  /** A receipt as the door stores it. */
  async function told(kind: ReceiptKind, messageId: string | null, more: Told = {}): Promise<string> {
    const eventId = more.eventId ?? newUuid();
    await database.receipt.createMany({
      data: [
        {
          account: at.account,
          provider: "ses",
          tenantId: at.tenantId,
          id: newUuid(),
          at: new Date(),
          ...more,
          eventId,
          kind,
          providerMessageId: messageId,
        },
      ],
      skipDuplicates: true,
    });
    return eventId;
  }

  const apply = () => applyWaitingReceipts(deps);
  const statusOf = async (id: string) =>
    (await database.delivery.findFirst({ where: { tenantId: at.tenantId, id } }))?.status;
  const notificationStatus = async ({ notificationId: id }: Written) =>
    (await database.notification.findFirst({ where: { tenantId: at.tenantId, id } }))?.status;
  const suppressions = (of = at.tenantId) =>
    database.suppression.findMany({
      where: { tenantId: of },
      select: { channel: true, address: true, category: true, reason: true },
      orderBy: { address: "asc" },
    });
  const usage = async () => {
    const rows = await database.usage.findMany({ where: { tenantId: at.tenantId } });
    const sum = (field: "sent" | "delivered" | "units") => rows.reduce((total, row) => total + Number(row[field]), 0);
    return { sent: sum("sent"), delivered: sum("delivered"), units: sum("units") };
  };

  return { at, database, queued, logLines, written, told, apply, statusOf, notificationStatus, suppressions, usage };
}
