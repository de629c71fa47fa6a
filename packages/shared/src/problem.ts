import { z } from "zod";
import { type Refusal, type RefusalCode, refusals } from "./refusals";

const codes = Object.keys(refusals) as [RefusalCode, ...RefusalCode[]];

/** An error answer: RFC 9457 problem details, with Tidings' own `code`, `requestId` and `errors`. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: "Where the code is described", examples: ["/docs/errors#invalid_body"] }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: "A sentence about this very request" }),
    code: z.enum(codes).meta({ description: "Stable: what a program decides by. New ones may be added" }),
    requestId: z.string().meta({ description: "The same as in the header X-Request-Id" }),
    errors: z
      .array(
        z.object({
          pointer: z.string().meta({ description: "JSON pointer (RFC 6901) to what is wrong" }),
          message: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.output<typeof problemSchema>;

/** The answer to a refusal. `type` leads to the code's description. */
export function problemOf(refusal: Refusal, requestId: string): Problem {
  const { status, title } = refusals[refusal.code];
  return {
    type: `/docs/errors#${refusal.code}`,
    title,
    status,
    detail: refusal.message,
    code: refusal.code,
    requestId,
    ...(refusal.faults.length > 0 && { errors: [...refusal.faults] }),
  };
}
