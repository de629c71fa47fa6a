import type { Answers } from "../../../../trpc/answers";

/** A tenant's limits. */
export type Limits = Answers["limits"]["get"];
/** The limit of a channel. */
export type ChannelLimit = Limits["channels"][number];
