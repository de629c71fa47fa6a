import { createBatcher } from "./batcher";
import type { Rate } from "./fair-queue";
import type { Logger } from "./logger";
import type { Redis } from "./redis";
import { defineScript } from "./redis-script";
import { within } from "./within";

/** When an account may send: in so many milliseconds, its turn taken; or not before, and then it must be asked again. */
export type Turn = { sendInMs: number } | { askInMs: number };

/** The rates of accounts, counted in Redis over all workers, channels and tenants. */
export interface AccountRates {
  /** Takes a turn of an account. While Redis does not answer everything may go. Never throws. */
  take(turn: { account: string; rate: Rate; isUrgent: boolean }): Promise<Turn>;
  /** So many tokens more were used than turns taken: the next ones wait the longer. Never throws. */
  owe(account: string, rate: Rate, tokens: number): void;
}

/** A call that takes longer is not waited for. */
const answerMs = 1_000;
/** So near a turn is taken and waited for: what the fair queue let through in time may come in clumps. */
const patienceMs = 250;
/** What is urgent waits longer, in its place: others can't take a turn before it then. */
const urgentPatienceMs = 2_000;
/** What is owed is taken whenever its turn is. */
const owedPatienceMs = 1e12;
/** What is too much comes back after this at least, spread out: the fair queue has let through what nobody may send yet. */
const leastAskMs = 1_000;

/**
 * KEYS[1]: prefix. ARGV: groups of account, tokens a second, burst, tokens, longest wait in milliseconds. Answers for each
 * the milliseconds until its turn; when that is not taken, less than zero by as much.
 */
const takeScript = defineScript(`
local time = redis.call('TIME')
local now = math.floor(time[1] * 1000 + time[2] / 1000)
local answer = {}
for i = 1, #ARGV, 5 do
  local key, rate, burst = KEYS[1] .. ARGV[i], tonumber(ARGV[i + 1]) / 1000, tonumber(ARGV[i + 2])
  local state = redis.call('HMGET', key, 'tokens', 'at')
  local tokens = burst
  if state[1] then tokens = math.min(burst, tonumber(state[1]) + (now - tonumber(state[2])) * rate) end
  local wait = math.max(0, math.ceil((1 - tokens) / rate))
  if wait <= tonumber(ARGV[i + 4]) then
    tokens = tokens - tonumber(ARGV[i + 3])
    redis.call('HSET', key, 'tokens', string.format('%.6f', tokens), 'at', string.format('%.0f', now))
    redis.call('PEXPIRE', key, math.ceil((burst - tokens) / rate) + 1000)
    answer[#answer + 1] = wait
  else answer[#answer + 1] = -wait end
end
return answer`);

/** Those that are asked for at the same time share a call. */
export function createAccountRates(deps: { redis: Redis; namespace: string; logger: Logger }): AccountRates {
  const { redis, namespace, logger } = deps;
  const batcher = createBatcher({
    maxBatch: 500,
    concurrency: 2,
    maxWaiting: 10_000,
    run: async (asked: readonly { account: string; rate: Rate; tokens: number; waitMs: number }[]) => {
      const args = asked.flatMap(({ account, rate, tokens, waitMs }) => [
        ...[account, rate.perSecond, rate.burst],
        ...[tokens, waitMs],
      ]);
      return (await takeScript(redis, [`{${namespace}:accounts}:rate:`], args)) as number[];
    },
  });

  async function ask(account: string, rate: Rate, tokens: number, waitMs: number): Promise<number> {
    try {
      return await within(answerMs, batcher.add({ account, rate, tokens, waitMs }));
    } catch (err) {
      logger.warn({ err, account }, "the rate of an account could not be asked for");
      return 0;
    }
  }

  return {
    async take({ account, rate, isUrgent }) {
      const waitMs = await ask(account, rate, 1, isUrgent ? urgentPatienceMs : patienceMs);
      if (waitMs >= 0) return { sendInMs: waitMs };
      return { askInMs: isUrgent ? -waitMs : Math.round(Math.max(leastAskMs, -waitMs) * (1 + Math.random())) };
    },
    owe: (account, rate, tokens) => void ask(account, rate, tokens, owedPatienceMs),
  };
}
