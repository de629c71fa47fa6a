import { planOf } from "@tidings/shared/plans";
import { Refusal } from "@tidings/shared/refusals";
import type { LimitSetter } from "./limits-in-force";

/**
 * Sees to it that a team wants no more than its tenant was given.
 * @param wanted what it wants, by the body's field
 * @param most what it was given, by the same fields; null: that is not limited
 * @throws {Refusal} `invalid_body`, pointing to the first field that wants more
 */
export function requireAtMost<Field extends string>(
  wanted: Record<Field, number>,
  most: Readonly<Record<NoInfer<Field>, number>> | null,
  { setBy, plan }: { setBy: Exclude<LimitSetter, "team">; plan: string },
): void {
  if (most === null) return;
  const field = (Object.keys(wanted) as Field[]).find((name) => wanted[name] > most[name]);
  if (field === undefined) return;
  const given = {
    plan: `the plan ${planOf(plan).name} has it`,
    operator: "the operator has set it",
    platform: "the operator has set it for all",
  };
  const message = `must be at most ${most[field]}, as ${given[setBy]}`;
  throw new Refusal("invalid_body", "The tenant may not have that much.", {
    faults: [{ pointer: `/${field}`, message }],
  });
}
