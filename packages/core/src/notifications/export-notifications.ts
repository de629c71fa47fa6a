import type { Database } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import { priorityOf } from "@tidings/shared/priorities";
import { csvCell } from "../csv-cell";
import type { Owner } from "../owner";
import { listNotifications } from "./list-notifications";
import type { ListedNotification } from "./notification-row";
import type { NotificationFilters } from "./notification-schemas";

/** Notifications read at a time: some hundred kilobytes. */
const pageSize = 1_000;

/** The columns, and how each is told of a notification. */
const columns: Readonly<Record<string, (row: ListedNotification) => string>> = {
  id: ({ id }) => publicId("notification", id),
  createdAt: ({ createdAt }) => createdAt.toISOString(),
  status: ({ status }) => status,
  reason: ({ failure }) => failure ?? "",
  channels: ({ channels }) => channels.join(" "),
  recipient: ({ recipientId }) => recipientId ?? "",
  address: ({ address }) => address ?? "",
  template: ({ templateKey }) => templateKey ?? "",
  subject: ({ subject }) => subject ?? "",
  category: ({ category }) => category ?? "",
  priority: ({ priority }) => priorityOf(priority),
  deliveries: ({ deliveryCount }) => String(deliveryCount),
  settledAt: ({ settledAt }) => settledAt?.toISOString() ?? "",
  requestId: ({ requestId }) => requestId,
  idempotencyKey: ({ idempotencyKey }) => idempotencyKey ?? "",
};

/**
 * A tenant's notifications as CSV (RFC 4180), newest first, a page at a time: however many there are, one page is in memory.
 * @param signal stops reading when whoever asked has gone
 */
export async function* exportNotifications(
  database: Database,
  owner: Owner,
  filters: NotificationFilters,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  yield `${Object.keys(columns).join(",")}\r\n`;
  for (let after: string | undefined, hasMore = true; hasMore && !signal?.aborted; ) {
    const page = await listNotifications(database, owner, filters, { limit: pageSize, after });
    if (page.rows.length > 0) yield page.rows.map(lineOf).join("");
    after = page.after ?? undefined;
    hasMore = page.hasMore;
  }
}

function lineOf(row: ListedNotification): string {
  const cells = Object.values(columns).map((tell) => csvCell(tell(row)));
  return `${cells.join(",")}\r\n`;
}
