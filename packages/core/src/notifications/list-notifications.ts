import { type Database, Prisma } from "@tidings/db/client";
import { firstUuidAt, lastUuidAt, uuidTimeMs } from "@tidings/shared/ids";
import { z } from "zod";
import type { Owner } from "../owner";
import { type Page, type PageRequest, pageOf } from "../page";
import { type NotificationRow, notificationColumns } from "./notification-row";
import type { NotificationFilters } from "./notification-schemas";

/**
 * Most that lies between the times in a request's id and in its notifications' ids, and between an id's time and the time
 * its row was written: they come right after one another, on clocks that may differ a little.
 */
const spanMs = 60_000;

/** A page of a tenant's notifications, newest first. Keyset over the ids, which are in order of time. */
export async function listNotifications(
  database: Database,
  { tenantId, mode }: Owner,
  filters: Omit<NotificationFilters, "limit" | "cursor">,
  { limit, after }: PageRequest,
): Promise<Page<NotificationRow>> {
  const { status, channel, recipient, address, template, category, requestId, since, until } = filters;
  const all = [Prisma.sql`n.tenant_id = ${tenantId}::uuid`, Prisma.sql`n.mode = ${mode}`];
  if (after) all.push(Prisma.sql`n.id < ${after}::uuid`);
  if (since) all.push(...acceptedSince(timeOf(since)));
  if (until) all.push(...acceptedUntil(timeOf(until)));
  if (status) all.push(Prisma.sql`n.status = ${status}`);
  if (channel) all.push(Prisma.sql`${channel} = ANY(n.channels)`);
  if (recipient) all.push(Prisma.sql`n.recipient_id = ${recipient}`);
  if (category) all.push(Prisma.sql`n.category = ${category}`);
  if (template) all.push(Prisma.sql`t.key = ${template}`);
  if (requestId) all.push(...ofRequest(requestId));
  if (address) {
    all.push(Prisma.sql`n.id IN (
      SELECT d.notification_id FROM delivery AS d WHERE d.tenant_id = ${tenantId}::uuid AND d.address = ${address})`);
  }
  const rows = await database.$queryRaw<NotificationRow[]>`
    SELECT ${notificationColumns}
    FROM notification AS n LEFT JOIN template AS t ON t.tenant_id = n.tenant_id AND t.id = n.template_id
    WHERE ${Prisma.join(all, " AND ")}
    ORDER BY n.id DESC LIMIT ${limit + 1}`;
  return pageOf(rows, limit);
}

const lastTimeMs = Date.parse("9999-12-31T23:59:59.999Z");

/** A time that Postgres can read too: with its offset, one at either end of the calendar may lie beyond it. */
function timeOf(text: string): Date {
  return new Date(Math.min(Math.max(Date.parse(text), 0), lastTimeMs));
}

/** Ids bound what is read, as they are the only index over time. */
function acceptedSince(time: Date): Prisma.Sql[] {
  return [Prisma.sql`n.created_at >= ${time}`, Prisma.sql`n.id >= ${firstUuidAt(time.getTime() - spanMs)}::uuid`];
}

function acceptedUntil(time: Date): Prisma.Sql[] {
  return [Prisma.sql`n.created_at < ${time}`, Prisma.sql`n.id <= ${lastUuidAt(time.getTime() + spanMs)}::uuid`];
}

/** Ids that Tidings gave itself are not indexed: they say when the request came. */
function ofRequest(requestId: string): Prisma.Sql[] {
  const named = Prisma.sql`n.request_id = ${requestId}`;
  if (!requestId.startsWith("req_")) return [named, Prisma.sql`n.request_id NOT LIKE 'req\_%'`];
  const given = requestId.slice("req_".length);
  if (!z.uuid().safeParse(given).success) return [named];
  const atMs = uuidTimeMs(given);
  const first = firstUuidAt(atMs - spanMs);
  return [named, Prisma.sql`n.id BETWEEN ${first}::uuid AND ${lastUuidAt(atMs + spanMs)}::uuid`];
}
