import { z } from "zod";

/** What `/readyz` of every process answers: 200 when all its checks pass, 503 when one does not. */
const readinessReport = z.object({
  checks: z.record(
    z.string(),
    z.object({ ok: z.boolean(), error: z.string().optional(), latencyMs: z.number().optional() }),
  ),
});

export type ReadinessChecks = z.output<typeof readinessReport>["checks"];

export type ReadinessAnswer =
  | { kind: "answered"; ready: boolean; checks: ReadinessChecks; latencyMs: number }
  | { kind: "unreachable"; reason: string };

/** Asks one process whether it is ready. A process that is down, silent for `timeoutMs` or not ours is "unreachable". */
export async function askReadiness(baseUrl: string, timeoutMs: number): Promise<ReadinessAnswer> {
  const startedAt = performance.now();
  try {
    const response = await fetch(`${baseUrl}/readyz`, {
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status !== 200 && response.status !== 503) {
      return { kind: "unreachable", reason: `answered ${response.status} to /readyz` };
    }
    const { checks } = readinessReport.parse(await response.json());
    return { kind: "answered", ready: response.status === 200, checks, latencyMs: performance.now() - startedAt };
  } catch (err) {
    return { kind: "unreachable", reason: describeFailure(err, timeoutMs) };
  }
}

/** @throws what is not a failure of the other side */
function describeFailure(err: unknown, timeoutMs: number): string {
  if (err instanceof z.ZodError || err instanceof SyntaxError) return "answered /readyz with something else";
  if (err instanceof DOMException && err.name === "TimeoutError") return `no answer in ${timeoutMs / 1000} s`;
  if (err instanceof TypeError && err.cause !== undefined) return describeConnection(err.cause);
  throw err;
}

const connectionFailures: Record<string, string> = {
  ECONNREFUSED: "not running (connection refused)",
  ECONNRESET: "hung up (connection reset)",
  ENOTFOUND: "its host name is not known",
  EHOSTUNREACH: "its host cannot be reached",
};

/** `fetch` hides what happened to the connection in its error's cause. */
function describeConnection(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return connectionFailures[code] ?? `no connection${code && ` (${code})`}`;
}
