import type { Database } from "@tidings/db/client";
import { type AccountHealth, readAccountsHealth } from "@tidings/runtime/account-health";
import type { Logger } from "@tidings/runtime/logger";
import type { Redis } from "@tidings/runtime/redis";
import { type AccountState, judgeAccount } from "./judge-account";
import { type AttemptSummary, summarizeAttempts } from "./recent-attempts";

/** How an account is doing, and why that is thought. */
export interface Fitness {
  state: AccountState;
  /** Not sent through for a while, or tried again just now; null when that is not known. */
  circuit: AccountHealth["circuit"] | null;
  /** Of the tenant's messages of the last day; null without one. */
  today: AttemptSummary | null;
}

/** How accounts fare: with all workers now, and with the tenant's messages of the last day. Without Redis only the latter. */
export async function readFitness(
  { database, redis, namespace, logger }: { database: Database; redis: Redis; namespace: string; logger: Logger },
  tenantId: string,
  accountIds: readonly string[],
): Promise<(account: { id: string; enabled: boolean }) => Fitness> {
  const [health, today] = await Promise.all([
    readAccountsHealth({ redis, namespace }, accountIds).catch((err: unknown) => {
      logger.warn({ err }, "the health of provider accounts could not be read");
      return new Map<string, AccountHealth>();
    }),
    summarizeAttempts(database, { tenantId, mode: "live" }),
  ]);
  return ({ id, enabled }) => {
    const [now, summary] = [health.get(id) ?? null, today.get(id) ?? null];
    return { state: judgeAccount(enabled, now, summary), circuit: now?.circuit ?? null, today: summary };
  };
}
