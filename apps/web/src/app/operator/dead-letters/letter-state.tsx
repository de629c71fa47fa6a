import type { Answers } from "../../../trpc/answers";
import { Status } from "../../../ui/status";

export type DeadLetter = Answers["deadLetters"]["list"]["data"][number];

/** Whether it still waits. */
export function LetterState({ replayedAt, notificationId }: DeadLetter) {
  if (replayedAt) return <Status value="replayed" />;
  return notificationId ? <Status value="waiting" /> : <Status tone="bad">Unreadable</Status>;
}

/** Topic, partition and position. */
export const placeOf = ({ topic, partition, position }: DeadLetter) => `${topic}/${partition}@${position}`;
