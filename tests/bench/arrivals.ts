import type { LoadResult } from "../load/load-plan";
import type { System } from "../load/system";

/** A mail of a load, from its request to the mail server. */
export interface Arrival {
  /** Epoch milliseconds, as are all moments here. */
  dueAtMs: number;
  arrivedAtMs: number;
}

/**
 * When the mails of a load arrived, by address: of `oneTimeCodeBodies.email`, one a request.
 * @throws {Error} when one did not
 */
export async function readArrivals({ sink }: System, { accepted }: LoadResult): Promise<Map<string, Arrival>> {
  const { addresses, arrivedAtMs } = await sink.ask("report");
  const arrivedAt = new Map(addresses.map((address, index) => [address, arrivedAtMs[index]]));
  const arrivals = new Map<string, Arrival>();
  for (const [index, number] of accepted.numbers.entries()) {
    const address = `n${number}@example.com`;
    const arrived = arrivedAt.get(address);
    const due = accepted.dueAtMs[index];
    if (arrived === undefined || due === undefined) throw new Error(`the mail to ${address} has not arrived`);
    arrivals.set(address, { dueAtMs: due, arrivedAtMs: arrived });
  }
  return arrivals;
}

/** Milliseconds from when requests were due to when their mails arrived, ascending. */
export function latenciesOf(arrivals: ReadonlyMap<string, Arrival>): Float64Array {
  return Float64Array.from(arrivals.values(), ({ dueAtMs, arrivedAtMs }) => arrivedAtMs - dueAtMs).sort();
}
