import type { Plan } from "@tidings/shared/plans";
import { Refusal } from "@tidings/shared/refusals";

/**
 * Sees to it that a team wants no more than its plan has: only the operator grants that.
 * @param most what the plan has; null where it does not limit
 * @param wanted by the body's field
 * @throws {Refusal} `invalid_body`, pointing to the first field that wants more
 */
export function requireWithinPlan({ name }: Plan, most: number | null, wanted: Record<string, number>): void {
  const [field] = Object.entries(wanted).find(([, amount]) => most !== null && amount > most) ?? [];
  if (field === undefined) return;
  const message = `must be at most ${most}, as the plan ${name} has it`;
  throw new Refusal("invalid_body", "The plan does not have that much.", {
    faults: [{ pointer: `/${field}`, message }],
  });
}
