import { askReadiness, type ReadinessAnswer } from "./ask-readiness";

const processNames = { api: "API", consumer: "Consumer", worker: "Worker", urgentWorker: "Urgent worker" } as const;
/** The stores by the names processes give their checks. */
const storeNames: Record<string, string> = { postgres: "Postgres", redis: "Redis", eventLog: "Event log" };

type ProcessId = keyof typeof processNames;

/** Where each process answers `/readyz`, without the path. One that does not run has none. */
export type ProcessUrls = Partial<Record<ProcessId, string>>;

/** One part of the system. `unknown`: nobody who could tell has answered. */
export interface PartStatus {
  id: string;
  name: string;
  state: "ok" | "failing" | "unknown";
  /** What fails, in words; set when the state is not `ok`. */
  reason?: string;
  /** Milliseconds of the round trip that found it well. */
  latencyMs?: number;
}

export interface SystemStatus {
  processes: PartStatus[];
  stores: PartStatus[];
}

/** How long a process may take to answer: longer than the two seconds it gives a check of its own. */
const answerTimeoutMs = 2_500;

/** How long an answer holds for everybody: what anybody may ask costs the processes no more than this. */
const heldMs = 2_000;

/** Reads the status for many who ask: they share an answer while it is fresh. */
export function createReadStatus(urls: ProcessUrls): () => Promise<SystemStatus> {
  let held: { until: number; status: Promise<SystemStatus> } | null = null;
  return () => {
    if (!held || held.until < performance.now())
      held = { until: performance.now() + heldMs, status: readSystemStatus(urls) };
    return held.status;
  };
}

/** As anybody may know it: what a store says of its failure may name hosts. */
export function publicStatus({ processes, stores }: SystemStatus): SystemStatus {
  const plain = (part: PartStatus) => (part.state === "failing" ? { ...part, reason: "a process can't use it" } : part);
  return { processes, stores: stores.map(plain) };
}

/** Asks every process at once. A store is as well as the processes that use it say. */
export async function readSystemStatus(urls: ProcessUrls, timeoutMs = answerTimeoutMs): Promise<SystemStatus> {
  const ids = Object.keys(processNames) as ProcessId[];
  const answers = await Promise.all(
    ids.flatMap((id) => {
      const url = urls[id];
      if (url === undefined) return [];
      return askReadiness(url, timeoutMs).then((answer) => ({ id, name: processNames[id], answer }));
    }),
  );
  return { processes: answers.map(describeProcess), stores: describeStores(answers) };
}

interface ProcessAnswer {
  id: ProcessId;
  name: string;
  answer: ReadinessAnswer;
}

function describeProcess({ id, name, answer }: ProcessAnswer): PartStatus {
  if (answer.kind === "unreachable") return { id, name, state: "failing", reason: answer.reason };
  if (answer.ready) return { id, name, state: "ok", latencyMs: answer.latencyMs };
  const failing = Object.keys(answer.checks).filter((check) => !answer.checks[check]?.ok);
  return {
    id,
    name,
    state: "failing",
    reason: `running, not ready: ${failing.map(storeName).join(", ") || "no reason given"}`,
  };
}

function describeStores(answers: readonly ProcessAnswer[]): PartStatus[] {
  const reports = answers.flatMap(({ name, answer }) =>
    answer.kind === "answered" ? Object.entries(answer.checks).map(([id, check]) => ({ ...check, id, by: name })) : [],
  );
  const ids = new Set([...Object.keys(storeNames), ...reports.map(({ id }) => id)]);
  return [...ids].map((id) => {
    const own = reports.filter((report) => report.id === id);
    const failing = own.filter((report) => !report.ok);
    const part = { id, name: storeName(id) };
    if (own.length === 0) return { ...part, state: "unknown", reason: "no process could tell" };
    if (failing.length > 0) {
      const reason = `${failing[0]?.error ?? "no reason given"} (seen by ${failing.map(({ by }) => by).join(", ")})`;
      return { ...part, state: "failing", reason };
    }
    const latencies = own.flatMap(({ latencyMs }) => latencyMs ?? []);
    return { ...part, state: "ok", ...(latencies.length > 0 && { latencyMs: Math.max(...latencies) }) };
  });
}

function storeName(id: string): string {
  return storeNames[id] ?? id;
}
