import type { Mode } from "@tidings/shared/modes";

/** Whose a thing is. What is of the other mode does not exist for a key. */
export interface Owner {
  tenantId: string;
  mode: Mode;
}
