import type { Fault } from "@tidings/shared/refusals";
import { escapePointer } from "@tidings/shared/text";
import type { z } from "zod";

/**
 * What zod found wrong, as pointers and sentences.
 * @param prefix pointer of the value that was parsed within the whole body
 */
export function faultsOf(error: z.ZodError, prefix = ""): Fault[] {
  return faultsIn(error.issues, prefix);
}

function faultsIn(issues: readonly z.core.$ZodIssue[], prefix: string): Fault[] {
  return issues.flatMap((issue) => {
    const pointer = prefix + issue.path.map((segment) => `/${escapePointer(String(segment))}`).join("");
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        pointer: `${pointer}/${escapePointer(key)}`,
        message: "is not a known field",
      }));
    }
    if (issue.code === "invalid_union") {
      // The form with the fewest faults is the one that was meant.
      const [meant] = issue.errors.map((form) => faultsIn(form, pointer)).sort((a, b) => a.length - b.length);
      if (meant) return meant;
    }
    return [{ pointer, message: issue.message }];
  });
}
