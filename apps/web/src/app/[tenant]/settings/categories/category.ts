import type { Answers } from "../../../../trpc/answers";

/** A category of which more is known than its key. */
export type Category = Answers["categories"]["list"]["data"][number];
