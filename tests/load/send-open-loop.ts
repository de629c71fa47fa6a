import { type HttpConnection, openHttpConnection } from "./http-connection";

export interface OpenLoop {
  /** Of the API, on this machine. */
  port: number;
  connections: number;
  /** Requests a second; null sends the next as soon as a connection is free. */
  perSecond: number | null;
  /** How many requests. */
  total: number;
  /** The whole HTTP request of an index, asked for when it is due. */
  requestOf(index: number): string;
  /** Told of each answer; status 0 when the connection broke. `dueAtMs` is in epoch milliseconds. */
  onAnswer?(answer: { index: number; status: number; body: string; dueAtMs: number }): void;
}

export interface OpenLoopResult {
  /** Answers by HTTP status; 0 stands for requests whose connection broke. */
  statuses: Record<number, number>;
  /** From when a request was due to its answer, in milliseconds, ascending. */
  latenciesMs: Float64Array;
  /** From the first request to the last answer, in milliseconds. */
  elapsedMs: number;
  /** When the last answer came, in epoch milliseconds. */
  endedAtMs: number;
  /** Requests that were due and had no connection to go by until the end. */
  unsent: number;
}

/** How often requests that have come due are sent. */
const tickMs = 1;
/** After the last request was due, answers are waited for so long. */
const graceMs = 30_000;

/** Sends each request when it is due, whether or not earlier ones were answered: a server that stalls is charged for all it held up. */
export async function sendOpenLoop(loop: OpenLoop): Promise<OpenLoopResult> {
  const { port, connections, perSecond, total, requestOf, onAnswer } = loop;
  const intervalMs = perSecond === null ? null : 1_000 / perSecond;
  const statuses: Record<number, number> = {};
  const latencies = new Float64Array(total);
  let sent = 0;
  let answered = 0;
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const startedAt = performance.now();

  const dueAt = (index: number) => (intervalMs === null ? performance.now() : startedAt + index * intervalMs);
  const isDue = () => sent < total && (intervalMs === null || dueAt(sent) <= performance.now());

  function sendOn(connection: HttpConnection): void {
    const index = sent++;
    const due = dueAt(index);
    connection.send(requestOf(index), (status, body) => {
      statuses[status] = (statuses[status] ?? 0) + 1;
      latencies[answered++] = performance.now() - due;
      onAnswer?.({ index, status, body, dueAtMs: performance.timeOrigin + due });
      if (answered === total) finish();
    });
  }

  const idle: HttpConnection[] = [];
  const all = Array.from({ length: connections }, () =>
    openHttpConnection(port, (connection) => {
      if (isDue()) sendOn(connection);
      else idle.push(connection);
    }),
  );
  idle.push(...all);

  function sendDue(): void {
    while (idle.length > 0 && isDue()) sendOn(idle.pop() as HttpConnection);
  }
  sendDue();
  const ticking = setInterval(sendDue, tickMs);
  const givingUp = intervalMs === null ? undefined : setTimeout(finish, total * intervalMs + graceMs);
  await finished;
  clearInterval(ticking);
  clearTimeout(givingUp);
  const endedAt = performance.now();
  for (const connection of all) connection.close();
  return {
    statuses,
    latenciesMs: latencies.subarray(0, answered).sort(),
    elapsedMs: endedAt - startedAt,
    endedAtMs: performance.timeOrigin + endedAt,
    unsent: total - sent,
  };
}
