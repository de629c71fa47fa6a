import { within } from "./within";

/** Resolves when the thing is usable, throws when it is not. */
export type ReadinessCheck = () => Promise<unknown>;

export interface Readiness {
  status: "ready" | "unready";
  checks: Record<string, { ok: boolean; error?: string }>;
}

/** Runs every check at once and says which fail. A check that takes longer than `timeoutMs` fails. Never throws. */
export async function checkReadiness(checks: Record<string, ReadinessCheck>, timeoutMs = 2_000): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await runCheck(check, timeoutMs)] as const),
  );
  return {
    status: results.every(([, { ok }]) => ok) ? "ready" : "unready",
    checks: Object.fromEntries(results),
  };
}

async function runCheck(check: ReadinessCheck, timeoutMs: number): Promise<{ ok: boolean; error?: string }> {
  try {
    await within(timeoutMs, Promise.resolve().then(check));
    return { ok: true };
  } catch (err) {
    return { ok: false, error: err instanceof Error ? lastLine(err.message) || err.name : String(err) };
  }
}

/** Some clients, Prisma for one, put the call they made before what went wrong with it. */
function lastLine(message: string): string {
  return message.trim().split("\n").at(-1)?.trim() ?? "";
}
