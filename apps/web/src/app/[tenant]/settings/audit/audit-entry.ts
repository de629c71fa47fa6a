import type { Answers } from "../../../../trpc/answers";

/** An entry of the audit log. */
export type AuditEntry = Answers["audit"]["list"]["data"][number];
