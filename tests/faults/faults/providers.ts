import { setTimeout as sleep } from "node:timers/promises";
import type { Misconduct } from "../../load/sink-conduct";
import type { Fault } from "../fault";

/** Short enough that the eight attempts of a message last longer. */
const lastsSeconds = 3;

/** Mail server and webhook receiver alike, for all that comes to them in that time. */
export const providerFaults: readonly Fault[] = [
  misbehaving("provider-hangs", "take requests and never answer", "hang"),
  misbehaving("provider-resets", "break connections off when the message is there", "reset"),
  misbehaving("provider-throttles", "answer 429 with Retry-After", 429),
  misbehaving("provider-fails", "answer 500", 500),
  misbehaving("provider-refuses", "answer 400", 400),
  misbehaving("provider-dies", "take messages and break off before they say so", "die"),
];

function misbehaving(name: string, what: string, misconduct: Misconduct): Fault {
  return {
    name,
    does: `For ${lastsSeconds} s the receivers ${what}`,
    lastsSeconds,
    mayDouble: misconduct === "die",
    async strike({ system: { sink } }) {
      await sink.ask("conduct", misconduct);
      await sleep(lastsSeconds * 1_000);
      await sink.ask("conduct", null);
    },
  };
}
