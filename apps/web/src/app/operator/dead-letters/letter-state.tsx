import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "../../../server/app-router";
import { Status } from "../../../ui/status";

export type DeadLetter = inferRouterOutputs<AppRouter>["deadLetters"]["list"]["data"][number];

/** Whether it still waits. */
export function LetterState({ replayedAt, notificationId }: DeadLetter) {
  if (replayedAt) return <Status value="replayed" />;
  return notificationId ? <Status value="waiting" /> : <Status tone="bad">Unreadable</Status>;
}

/** Topic, partition and position. */
export const placeOf = ({ topic, partition, position }: DeadLetter) => `${topic}/${partition}@${position}`;
