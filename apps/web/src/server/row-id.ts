import { type IdKind, uuidOf } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";

/**
 * The UUID inside a public id that came from outside.
 * @throws {Refusal} `not_found` when it is no id of that kind: there is no such thing then
 */
export function rowId(kind: IdKind, id: string): string {
  const uuid = uuidOf(kind, id);
  if (uuid === null) throw new Refusal("not_found", "There is nothing by this id.");
  return uuid;
}
