import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import { getMessageStory, type MessageStory } from "./get-message-story";

/** How often a message is looked at: most is over within seconds of the first look, receipts may come for days. */
const looks = [
  { untilMs: 15_000, everyMs: 150 },
  { untilMs: 120_000, everyMs: 1_000 },
  { untilMs: Number.POSITIVE_INFINITY, everyMs: 5_000 },
] as const;

/**
 * The story of a message now, and again whenever it has changed. Ends when the signal aborts, or the message is gone.
 * @param id UUID
 * @throws {Refusal} `not_found`
 */
export async function* watchMessage(
  database: Database,
  tenantId: string,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<MessageStory> {
  const began = performance.now();
  for (let last = ""; !signal.aborted; ) {
    const story = await getMessageStory(database, tenantId, id).catch((error: unknown) => {
      if (last !== "" && error instanceof Refusal) return null; // deleted by the retention meanwhile
      throw error;
    });
    if (story === null) return;
    const told = JSON.stringify(story);
    if (told !== last && !signal.aborted) yield story;
    last = told;
    const elapsedMs = performance.now() - began;
    const everyMs = looks.find(({ untilMs }) => elapsedMs < untilMs)?.everyMs;
    await sleep(everyMs, undefined, { signal }).catch(() => {}); // the loop ends by itself
  }
}
