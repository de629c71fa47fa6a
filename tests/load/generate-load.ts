import type { LoadPlan, LoadResult } from "./load-plan";
import { sendOpenLoop } from "./send-open-loop";

/** Sends what a plan says and measures the answers. */
export async function generateLoad(plan: LoadPlan): Promise<LoadResult> {
  const { port, connections, perRequest, perSecond, total, firstNumber } = plan;
  const ids: string[] = [];
  const numbers: number[] = [];
  const dueTimes: number[] = [];
  const cpu = process.cpuUsage();
  const { statuses, latenciesMs, elapsedMs, unsent } = await sendOpenLoop({
    port,
    connections,
    perSecond: perSecond === null ? null : perSecond / perRequest,
    total: Math.ceil(total / perRequest),
    requestOf: requestWriter(plan),
    onAnswer({ index, status, body, dueAtMs }) {
      if (status !== 202) return;
      for (const { id, at } of acceptedIn(body)) {
        ids.push(id);
        numbers.push(firstNumber + index * perRequest + at);
        dueTimes.push(dueAtMs);
      }
    },
  });
  const { user, system } = process.cpuUsage(cpu);
  return {
    accepted: { ids, numbers: Int32Array.from(numbers), dueAtMs: Float64Array.from(dueTimes) },
    statuses,
    latenciesMs,
    elapsedMs,
    cpuSeconds: (user + system) / 1e6,
    unsent,
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
