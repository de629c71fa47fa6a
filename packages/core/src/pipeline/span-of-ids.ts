/**
 * The smallest and the largest of some UUIDs, of which there is at least one. A statement that names them beside the ids
 * themselves (`id = ANY(…) AND id BETWEEN …`) opens only the partitions they lie in: from a list alone, Postgres can't tell.
 */
export function spanOfIds(uuids: readonly string[]): { first: string; last: string } {
  let [first = "", last = ""] = [uuids[0], uuids[0]];
  for (const uuid of uuids) {
    if (uuid < first) first = uuid;
    else if (uuid > last) last = uuid;
  }
  return { first, last };
}
