import { type HttpConnection, openHttpConnection } from "./http-connection";
import type { LoadPlan, LoadResult } from "./load-plan";

/** How often requests that have come due are sent. */
const tickMs = 1;
/** After the last request was due, answers are waited for so long. */
const graceMs = 30_000;

/** Sends what a plan says and measures the answers. */
export async function generateLoad(plan: LoadPlan): Promise<LoadResult> {
  const requestOf = requestWriter(plan);
  const requests = Math.ceil(plan.total / plan.perRequest);
  const statuses: Record<number, number> = {};
  const ids: string[] = [];
  const numbers: number[] = [];
  const dueTimes: number[] = [];
  const latencies = new Float64Array(requests);
  let answered = 0;
  let sent = 0;
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const intervalMs = plan.perSecond === null ? null : (plan.perRequest / plan.perSecond) * 1_000;
  const cpu = process.cpuUsage();
  const startedAt = performance.now();

  const dueAt = (index: number) => (intervalMs === null ? performance.now() : startedAt + index * intervalMs);
  const isDue = () => sent < requests && (intervalMs === null || dueAt(sent) <= performance.now());

  function sendOn(connection: HttpConnection): void {
    const index = sent++;
    const due = dueAt(index);
    connection.send(requestOf(index), (status, body) => {
      statuses[status] = (statuses[status] ?? 0) + 1;
      latencies[answered++] = performance.now() - due;
      if (status === 202) {
        for (const { id, at } of acceptedIn(body)) {
          ids.push(id);
          numbers.push(plan.firstNumber + index * plan.perRequest + at);
          dueTimes.push(performance.timeOrigin + due);
        }
      }
      if (answered === requests) finish();
    });
  }

  const idle: HttpConnection[] = [];
  const connections = Array.from({ length: plan.connections }, () =>
    openHttpConnection(plan.port, (connection) => {
      if (isDue()) sendOn(connection);
      else idle.push(connection);
    }),
  );
  idle.push(...connections);

  function sendDue(): void {
    while (idle.length > 0 && isDue()) sendOn(idle.pop() as HttpConnection);
  }
  sendDue();
  const ticking = setInterval(sendDue, tickMs);
  const runMs = intervalMs === null ? Number.POSITIVE_INFINITY : requests * intervalMs + graceMs;
  const givingUp = Number.isFinite(runMs) ? setTimeout(finish, runMs) : undefined;
  await finished;
  clearInterval(ticking);
  clearTimeout(givingUp);
  const elapsedMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  for (const connection of connections) connection.close();
  return {
    accepted: { ids, numbers: Int32Array.from(numbers), dueAtMs: Float64Array.from(dueTimes) },
    statuses,
    latenciesMs: latencies.subarray(0, answered).sort(),
    elapsedMs,
    cpuSeconds: (user + system) / 1e6,
    unsent: requests - sent,
  };
}

/** Each accepted id in an answer, with its position in the request: an item that was refused has none. */
function* acceptedIn(body: string): Generator<{ id: string; at: number }> {
  let at = 0;
  for (const [text, id] of body.matchAll(/"id":"(ntf_[0-9a-z]{26})"|"error":/g)) {
    if (text !== '"error":' && id) yield { id, at };
    at += 1;
  }
}

/** Writes the request of an index. Texts are cut at `{n}` once. */
function requestWriter(plan: LoadPlan): (index: number) => string {
  const { keys, bodies, perRequest, firstNumber, hasIdempotencyKeys, total } = plan;
  const cut = bodies.map((body) => body.split("{n}"));
  const run = Math.random().toString(36).slice(2);
  const path = perRequest > 1 ? "/v1/notifications/batch" : "/v1/notifications";
  return (index) => {
    const first = firstNumber + index * perRequest;
    const length = Math.min(perRequest, total - index * perRequest);
    const items = Array.from({ length }, (_, at) =>
      (cut[(first + at) % cut.length] as string[]).join(String(first + at)),
    );
    const body = perRequest > 1 ? `{"notifications":[${items.join(",")}]}` : (items[0] as string);
    const key = keys[index % keys.length];
    const idempotency = hasIdempotencyKeys ? `Idempotency-Key: ${run}-${first}\r\n` : "";
    return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nx-api-key: ${key}\r\nContent-Type: application/json\r\n${idempotency}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  };
}
