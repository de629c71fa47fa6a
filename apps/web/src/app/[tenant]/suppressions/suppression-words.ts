import type { Answers } from "../../../trpc/answers";

/** A suppression as the list has it. */
export type Suppression = Answers["suppressions"]["list"]["data"][number];
export type SuppressionReason = Suppression["reason"];

/** Why an address is suppressed, the gravest first. */
export const reasonWords: Record<SuppressionReason, string> = {
  hard_bounce: "Hard bounce",
  complaint: "Complaint",
  stop: "Answered STOP",
  unsubscribe: "Unsubscribed",
  manual: "By hand",
};

/** What lifting it means. */
export const liftWords: Record<SuppressionReason, string> = {
  hard_bounce:
    "The provider said that this address does not exist. If it bounces again it is suppressed again, and bounces harm the reputation you send with.",
  complaint: "This person reported a message as spam. Write to them again only if they asked for it.",
  stop: "This person answered STOP. In many countries nobody else may take that back.",
  unsubscribe: "This person wants no more of it. Write to them again only if they asked for it.",
  manual: "Somebody of your team suppressed it by hand.",
};
