import type { Database } from "@tidings/db/client";
import type { Mode } from "@tidings/shared/modes";
import { Refusal } from "@tidings/shared/refusals";
import type { Publish } from "../pipeline/publish";
import { type AnyDeadLetter, type DeadLetterFilters, listAllDeadLetters } from "./list-all-dead-letters";
import { replayDeadLetter } from "./replay-dead-letter";

/** What came of replaying many. */
export interface ReplayCounts {
  replayed: number;
  /** Nothing is left to replay: the notification went on, was deleted, or the message can't be read. */
  left: number;
  /** Whether all that match were looked at. */
  isComplete: boolean;
}

/** Most that one call looks at. */
const most = 500;

/**
 * Replays one dead letter of any tenant.
 * @throws {Refusal} as `replayDeadLetter`; `conflict` for a message nobody could read
 */
export async function replayAnyDeadLetter(deps: { database: Database; publish: Publish }, id: string): Promise<void> {
  const row = await deps.database.deadLetter.findUnique({ where: { id } });
  if (!row) throw new Refusal("not_found", "There is no such dead letter.");
  const { tenantId, mode } = row;
  if (tenantId === null || mode === null)
    throw new Refusal("conflict", "The message can't be read, so nobody knows what it was about: look at its payload.");
  await replayDeadLetter(deps, { tenantId, mode: mode as Mode }, id);
}

/**
 * Replays what waits of a list, newest first.
 * @throws {Refusal} `unavailable` when the event log takes nothing; what was replayed until then stays so
 */
export async function replayDeadLetters(
  deps: { database: Database; publish: Publish },
  filters: DeadLetterFilters,
): Promise<ReplayCounts> {
  const { rows, hasMore } = await listAllDeadLetters(deps.database, { ...filters, state: "waiting" }, { limit: most });
  const counts = { replayed: 0, left: 0 };
  for (const row of rows) counts[await outcomeOf(deps, row)] += 1;
  return { ...counts, isComplete: !hasMore };
}

async function outcomeOf(
  deps: { database: Database; publish: Publish },
  { id }: AnyDeadLetter,
): Promise<"replayed" | "left"> {
  try {
    await replayAnyDeadLetter(deps, id);
    return "replayed";
  } catch (error) {
    if (error instanceof Refusal && error.code === "conflict") return "left";
    throw error;
  }
}
