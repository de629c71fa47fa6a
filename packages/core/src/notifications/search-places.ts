import { Prisma } from "@tidings/db/client";
import { firstUuidAt, idsBeginningLike, lastUuidAt, uuidOf, uuidTimeMs } from "@tidings/shared/ids";
import { z } from "zod";
import { isSentTo } from "../is-sent-to";
import type { Owner } from "../owner";
import type { NotificationFilters } from "./notification-schemas";

/** Which of a place's rows are read: ids in [from, below), `size` of them at most. */
export interface PlaceBounds {
  from: string;
  below: string;
  size: Prisma.Sql;
}

/** Notifications that an index leads to, as a query that gives whole rows, newest first. */
export type Place = (bounds: PlaceBounds) => Prisma.Sql;

/** Most that lies between the times in a request's id and in its notifications' ids, on clocks that may differ a little. */
const requestSpanMs = 60_000;

/**
 * Where the notifications that a tenant looks for are read. One exact name leads to few rows; without one, all rows are read.
 * Filters that hold beside it are left to whoever reads them.
 */
export function placesOf({ tenantId, mode }: Owner, filters: NotificationFilters): readonly Place[] {
  const { q, idempotencyKey, requestId, address, recipient } = filters;
  const at = placesFor(tenantId);
  if (q !== undefined) return at.anything(q.trim());
  if (idempotencyKey !== undefined) return [at.idempotencyKey(idempotencyKey)];
  if (requestId !== undefined) return at.request(requestId);
  if (address !== undefined) return [at.address(address)];
  if (recipient !== undefined) return [at.recipient(recipient)];
  return [at.every(mode === "test" ? Prisma.sql`n.mode = 'test'` : Prisma.sql`true`)]; // test ones have their own index
}

function placesFor(tenantId: string) {
  const tenant = Prisma.sql`${tenantId}::uuid`;

  /** Rows of the tenant that fulfil a condition, by whichever index serves it. */
  const every =
    (condition: Prisma.Sql): Place =>
    ({ from, below, size }) =>
      Prisma.sql`
      SELECT n.* FROM notification AS n
      WHERE n.tenant_id = ${tenant} AND ${condition} AND n.id >= ${from}::uuid AND n.id < ${below}::uuid
      ORDER BY n.id DESC LIMIT ${size}`;

  /** Those of deliveries: their ids begin like their notifications'. */
  const ofDeliveries =
    (condition: Prisma.Sql): Place =>
    ({ from, below, size }) =>
      Prisma.sql`
      SELECT n.* FROM (
        SELECT d.notification_id FROM delivery AS d
        WHERE d.tenant_id = ${tenant} AND ${condition}
          AND d.id >= ${from}::uuid AND d.id < ${idsBeginningLike(below).first}::uuid
        ORDER BY d.id DESC LIMIT ${size}
      ) AS d JOIN notification AS n ON n.id = d.notification_id AND n.tenant_id = ${tenant}
      ORDER BY n.id DESC`;

  const recipient = (id: string) => every(Prisma.sql`n.recipient_id = ${id}`);
  const address = (text: string) => ofDeliveries(isSentTo([text]));
  const idempotencyKey = (key: string) =>
    every(Prisma.sql`n.id = ANY(ARRAY(SELECT notifications_by_idempotency_key(${tenant}, ${key})))`);
  const exact = (uuid: string) => [
    every(Prisma.sql`n.id = ${uuid}::uuid`),
    ofDeliveries(Prisma.sql`d.id = ${uuid}::uuid`),
  ];

  /** Attempts keep the id that a provider gave: the delivery's own changes with each of them, and has no index. */
  const providerMessage = (id: string) =>
    ofDeliveries(Prisma.sql`d.id = ANY(ARRAY(SELECT deliveries_by_provider_message(${tenant}, ${id})))`);

  /** Ids that Tidings gave itself are not indexed: they say when the request came. */
  function request(id: string): Place[] {
    const named = Prisma.sql`n.request_id = ${id}`;
    if (!id.startsWith("req_")) return [every(Prisma.sql`${named} AND n.request_id NOT LIKE 'req\\_%'`)];
    const given = z.uuid().safeParse(id.slice("req_".length));
    if (!given.success) return [];
    const atMs = uuidTimeMs(given.data);
    const [first, last] = [firstUuidAt(atMs - requestSpanMs), lastUuidAt(atMs + requestSpanMs)];
    return [every(Prisma.sql`${named} AND n.id BETWEEN ${first}::uuid AND ${last}::uuid`)];
  }

  /** What a person has copied from somewhere: its shape says what it can be, and an index each whether it is. */
  function anything(text: string): Place[] {
    const ofOurs = uuidOf("notification", text) ?? uuidOf("delivery", text);
    if (ofOurs !== null) return exact(ofOurs);
    if (text.startsWith("req_")) return request(text);
    const digits = text.replaceAll(/[\s().-]/g, "");
    if (/^\+\d{6,15}$/.test(digits)) return [address(digits), recipient(text), idempotencyKey(text)];
    const written = [...new Set([text, text.toLowerCase()])];
    return [
      ...(z.uuid().safeParse(text).success ? exact(text) : []),
      ...(text.includes("@") ? written : [text]).map(address),
      recipient(text),
      ...request(text),
      idempotencyKey(text),
      providerMessage(text),
    ];
  }

  return { every, recipient, address, idempotencyKey, request, anything };
}
