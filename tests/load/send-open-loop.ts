import { type HttpConnection, openHttpConnection } from "./http-connection";

export interface OpenLoop {
  /** Of the API, on this machine. */
  port: number;
  connections: number;
  perSecond: number;
  /** Whole HTTP requests, in the order in which they are due. */
  requests: readonly string[];
}

export interface OpenLoopResult {
  /** Answers by HTTP status; 0 stands for requests whose connection broke. */
  statuses: Record<number, number>;
  /** From when a request was due to its answer, in milliseconds, ascending. */
  latenciesMs: Float64Array;
  /** When the last answer came, in epoch milliseconds. */
  endedAtMs: number;
}

/** How often requests that have come due are sent. */
const tickMs = 1;
/** After the last request was due, answers are waited for so long. */
const graceMs = 30_000;

/** Sends each request when it is due, whether or not earlier ones were answered: a server that stalls is charged for all it held up. */
export async function sendOpenLoop({ port, connections, perSecond, requests }: OpenLoop): Promise<OpenLoopResult> {
  const statuses: Record<number, number> = {};
  const latencies = new Float64Array(requests.length);
  const startedAt = performance.now();
  const dueAt = (index: number) => startedAt + (index / perSecond) * 1_000;
  const isDue = () => sent < requests.length && dueAt(sent) <= performance.now();
  let sent = 0;
  let answered = 0;
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });

  function sendOn(connection: HttpConnection): void {
    const due = dueAt(sent);
    connection.send(requests[sent++] as string, (status) => {
      statuses[status] = (statuses[status] ?? 0) + 1;
      latencies[answered++] = performance.now() - due;
      if (answered === requests.length) finish();
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
  const ticking = setInterval(() => {
    while (idle.length > 0 && isDue()) sendOn(idle.pop() as HttpConnection);
  }, tickMs);
  const givingUp = setTimeout(finish, (requests.length / perSecond) * 1_000 + graceMs);
  await finished;
  const endedAtMs = performance.timeOrigin + performance.now();
  clearInterval(ticking);
  clearTimeout(givingUp);
  for (const connection of all) connection.close();
  return { statuses, latenciesMs: latencies.subarray(0, answered).sort(), endedAtMs };
}
