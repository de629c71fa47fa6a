import type { Answers } from "../../../trpc/answers";
import { Status, type StatusValue, statusWord } from "../../../ui/status";

export type DeadLetter = Answers["deadLetters"]["list"]["data"][number];

/** Whether its message can be published again: it can be read, and has not gone on without. */
export const canReplay = ({ notificationStatus }: DeadLetter) => notificationStatus === "PENDING";

/** Whether it still waits. */
export function LetterState(letter: DeadLetter) {
  if (letter.replayedAt) return <Status value="replayed" />;
  if (!letter.notificationId) return <Status tone="bad">Unreadable</Status>;
  if (canReplay(letter)) return <Status value="waiting" />;
  return <Status tone="neutral">{letter.notificationStatus ? "Went on" : "Deleted"}</Status>;
}

/** Why nothing is to be done about it; null where something is. */
export function settledWords(letter: DeadLetter): string | null {
  const { notificationId, notificationStatus, replayedAt } = letter;
  if (!notificationId || canReplay(letter)) return null;
  if (notificationStatus === null) return "Its message is no longer kept, so there is nothing to publish again.";
  const begin = replayedAt ? "Its message went on after it was published again" : "Its message went on by itself";
  return `${begin}, and is ${statusWord(notificationStatus as StatusValue).toLowerCase()} by now. There is nothing to do.`;
}

/** Topic, partition and position. */
export const placeOf = ({ topic, partition, position }: DeadLetter) => `${topic}/${partition}@${position}`;
