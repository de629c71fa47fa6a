import { firstUuidAt, newUuid } from "@tidings/shared/ids";

/** A new UUIDv7 as it would have been made at that time, so that lists stand in the order of what they tell. */
export function uuidOfThen(timeMs: number): string {
  return firstUuidAt(timeMs).slice(0, 14) + newUuid().slice(14);
}
