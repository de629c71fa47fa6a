import { Lock } from "lucide-react";
import { EmptyState } from "./empty-state";

/** The reader's role does not reach this: which one does. */
export interface ForbiddenStateProps {
  /** What it would take to do: `see invoices`. */
  action: string;
  /** Roles that may, as the team page spells them. */
  roles: readonly string[];
}

const either = new Intl.ListFormat("en", { type: "disjunction" });

export function ForbiddenState({ action, roles }: ForbiddenStateProps) {
  return (
    <EmptyState icon={<Lock />} title="Your role does not allow this">
      To {action} you must be {either.format(roles)}. Someone who manages the team can change your role.
    </EmptyState>
  );
}
