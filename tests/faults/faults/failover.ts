import { setTimeout as sleep } from "node:timers/promises";
import type { System } from "../../load/system";
import type { Fault } from "../fault";

/** Long enough that a circuit opens, is probed in vain and closes again, and for some ten thousand notifications in all. */
const [goneSeconds, lastsSeconds] = [12, 38];
/** Each worker may learn that a circuit is open a quarter of a second late, and send what it has in hand. */
const opensWithinMs = 2_000;

export const failoverFaults: readonly Fault[] = [
  {
    name: "mail-server-killed",
    does: `The first of two mail servers is killed and there again after ${goneSeconds} s`,
    lastsSeconds,
    mayDouble: true,
    async strike({ system: { sink } }) {
      await sink.ask("firstMailServer", false);
      await sleep(goneSeconds * 1_000);
      await sink.ask("firstMailServer", true);
    },
    verify: expectFailover,
  },
];

/** The spare takes over at once, the first is left alone but for probes, and is used again when it is there again. */
async function expectFailover({ database }: System, tenantIds: string[]): Promise<string> {
  const attempts = await database.attempt.findMany({
    where: { tenantId: { in: tenantIds }, provider: "smtp" },
    orderBy: { startedAt: "asc" },
    select: { account: true, outcome: true, startedAt: true },
  });
  const atFirst = attempts.filter(({ account }) => account === "first");
  const failed = atFirst.filter(({ outcome }) => outcome === "deferred");
  const [firstFailure] = failed;
  if (!firstFailure) throw new Error("no attempt at the first mail server failed");
  const goneMs = firstFailure.startedAt.getTime();
  const late = failed.filter(({ startedAt }) => startedAt.getTime() - goneMs > opensWithinMs);
  // Every probe of each of two workers, after 5, 10 and 20 seconds at most, may be joined by a few in hand.
  if (late.length > 20) throw new Error(`${late.length} attempts at a dead server after its circuit had to be open`);
  const bySpare = attempts.filter(({ account, outcome }) => account === "spare" && outcome === "sent");
  if (bySpare.length === 0) throw new Error("the spare took nothing over");
  if (atFirst.at(-1)?.outcome !== "sent") throw new Error("the first mail server was not used again");
  const opened = failed.filter((attempt) => !late.includes(attempt));
  const openedAfterMs = (opened.at(-1)?.startedAt.getTime() ?? goneMs) - goneMs;
  return `the circuit was open ${openedAfterMs} ms after the first of ${opened.length} failures; then ${late.length} probes failed; the spare sent ${bySpare.length} mails`;
}
