import { TypeID } from "typeid-js";
import { uuidv7 } from "uuidv7";

/** What an id is of → the prefix it carries outside the database. */
export const idPrefixes = {
  tenant: "tnt",
  key: "key",
  notification: "ntf",
  delivery: "dlv",
  attempt: "att",
  template: "tpl",
  device: "dev",
  inboxItem: "inb",
  deadLetter: "dlt",
  account: "acc",
  endpoint: "edp",
  report: "rpt",
  suppression: "sup",
  attachment: "fil",
  erasure: "ers",
  user: "usr",
  member: "mem",
  invitation: "inv",
  session: "ses",
  auditEntry: "aud",
} as const;
export type IdKind = keyof typeof idPrefixes;

/** A new time-sorted UUIDv7, the form every id has in the database. Monotonic within a process. */
export function newUuid(): string {
  return uuidv7();
}

/** The public form of an id: prefix, underscore, UUID in base32 ({@link https://github.com/jetify-com/typeid TypeID}). */
export function publicId(kind: IdKind, uuid: string): string {
  return TypeID.fromUUID(idPrefixes[kind], uuid).toString();
}

/** The UUID inside a public id, or null when the text is not an id of that kind. */
export function uuidOf(kind: IdKind, text: string): string | null {
  try {
    return TypeID.fromString(text, idPrefixes[kind]).toUUID();
  } catch {
    return null; // malformed input is an expected answer here, not a fault
  }
}

/** Milliseconds since the epoch at which a UUIDv7 was made. */
export function uuidTimeMs(uuid: string): number {
  return Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
}

/** The time of the largest UUIDv7, in the year 10889. */
const maxTimeMs = 2 ** 48 - 1;

/** Smallest UUID whose UUIDv7 time is `timeMs`, or the nearest there is: the lower bound of a range scan. */
export function firstUuidAt(timeMs: number): string {
  const hex = Math.min(Math.max(Math.trunc(timeMs), 0), maxTimeMs)
    .toString(16)
    .padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** Largest UUID whose UUIDv7 time is `timeMs`: the upper bound of a range scan. */
export function lastUuidAt(timeMs: number): string {
  return `${firstUuidAt(timeMs).slice(0, 13)}-ffff-ffff-ffffffffffff`;
}

/**
 * The ids that begin like a notification's: its deliveries' (see `deliveryId` in core) and nobody else's.
 * A UUIDv7 holds 48 bits of time and a 42-bit counter before its last 32 bits, so those alone may differ.
 */
export function idsBeginningLike(uuid: string): { first: string; last: string } {
  const beginning = uuid.slice(0, 28);
  return { first: `${beginning}00000000`, last: `${beginning}ffffffff` };
}
