/** What a load generator is to send. Plain data: it travels to a process of its own. */
export interface LoadPlan {
  /** Of the API, on this machine. */
  port: number;
  /** API keys, taken in turn. */
  keys: readonly string[];
  /** Bodies of one notification as JSON, taken in turn; `{n}` stands for its number. */
  bodies: readonly string[];
  /** The number of the first notification. */
  firstNumber: number;
  /** Notifications in one request; more than 1 go to the batch endpoint. */
  perRequest: number;
  /** Whether each request carries an Idempotency-Key of its own. */
  hasIdempotencyKeys: boolean;
  connections: number;
  /**
   * Notifications a second, whether or not earlier ones were answered: latency counts from the moment a request was due,
   * so that a server that stalls is charged for every request it held up (no coordinated omission).
   * `null` sends `total` as fast as the connections get answers.
   */
  perSecond: number | null;
  /** Notifications in all. */
  total: number;
}

export interface LoadResult {
  /** Ids answered 202. Index for index: the number of their notification, and when its request was due (epoch ms). */
  accepted: { ids: string[]; numbers: Int32Array; dueAtMs: Float64Array };
  /** Answers by HTTP status; 0 stands for requests whose connection broke. */
  statuses: Record<number, number>;
  /** From when a request was due to its answer, in milliseconds, ascending. */
  latenciesMs: Float64Array;
  elapsedMs: number;
  /** CPU time this process spent on it, in seconds. */
  cpuSeconds: number;
  /** Requests that were due and had not been sent when the time was over: the generator or the server fell behind. */
  unsent: number;
}

/** The value below which `share` of ascending values lie; NaN when there are none. */
export function percentile(ascending: Float64Array, share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN;
}
