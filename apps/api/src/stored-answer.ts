import {
  completeIdempotencyKey,
  dropIdempotencyKey,
  reserveIdempotencyKey,
} from "@tidings/core/idempotency/reserve-idempotency-key";
import { Refusal } from "@tidings/shared/refusals";
import type { RequestContext, Route } from "./route";

/**
 * Runs a handler once per Idempotency-Key: the first request reserves the key, runs, and keeps its answer for the others.
 * A request that failed keeps nothing, so it can be sent again.
 * @throws {Refusal} `idempotency_in_progress` while the first is running, `idempotency_mismatch` for another body
 */
export async function withStoredAnswer(
  { deps, principal, idempotency }: RequestContext,
  { status, redactStored }: Pick<Route, "status" | "redactStored">,
  run: () => Promise<unknown>,
): Promise<unknown> {
  if (!idempotency) return await run();
  const { tenantId, mode } = principal;
  const owner = { tenantId, mode, key: idempotency.key };
  const earlier = await reserveIdempotencyKey(deps.database, owner, idempotency.bodyHash);
  if (earlier) {
    if (earlier.bodyHash !== idempotency.bodyHash) {
      throw new Refusal("idempotency_mismatch", "This Idempotency-Key was first used with another body.");
    }
    if (earlier.status === null) {
      throw new Refusal("idempotency_in_progress", "The first request with this Idempotency-Key is still running.", {
        retryAfterSeconds: 1,
      });
    }
    return earlier.response;
  }
  const answer = await run().catch(async (error: unknown) => {
    await dropIdempotencyKey(deps.database, owner);
    throw error;
  });
  await completeIdempotencyKey(deps.database, owner, status, redactStored ? redactStored(answer) : answer);
  return answer;
}
