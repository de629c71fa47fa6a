import type { Answers } from "../../../../trpc/answers";

/** A tenant's limits. */
export type Limits = Answers["limits"]["get"];
/** The limit of a channel. */
export type ChannelLimit = Limits["channels"][number];

/** Who says how much at most, in words. */
export function giverOf(setBy: "platform" | "plan" | "operator", planName: string): string {
  return { platform: "the platform’s default", plan: `the plan ${planName}’s`, operator: "set by the operator" }[setBy];
}
