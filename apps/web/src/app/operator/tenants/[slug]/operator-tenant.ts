import type { Answers } from "../../../../trpc/answers";

/** A tenant as the operator has it. */
export type OperatorTenant = Answers["tenants"]["get"];
