import { createHash } from "node:crypto";
import { createBatcher } from "./batcher";
import type { Logger } from "./logger";
import type { Redis } from "./redis";
import { defineScript } from "./redis-script";
import { within } from "./within";

/**
 * How fast one sender may write to one address: one message every `everyMs`, and after a pause up to `burst` of them within
 * such a time, which borrow it from what comes after.
 */
export interface PairRate {
  everyMs: number;
  burst: number;
}

/** Senders' rates towards each address, counted in Redis over all workers. */
export interface PairRates {
  /**
   * Takes a turn of an account with an address. While Redis does not answer everything may go: the provider refuses what is
   * too much, and that is tried again.
   * @returns 0 when it may be sent now, else in how many milliseconds to ask again: what is urgent when the next one may
   * go, all else somewhat later, spread out, so that a long line of it is never before a one-time password. Never throws
   */
  take(turn: { account: string; address: string; rate: PairRate; isUrgent: boolean }): Promise<number>;
}

/** A call that takes longer is not waited for. */
const answerMs = 1_000;

/**
 * KEYS[1]: prefix. ARGV: groups of pair, milliseconds between messages, most within them. Answers milliseconds to wait for each.
 * A pair is a hash: since and count (of the burst), owed (until when its messages take its time).
 */
const takeScript = defineScript(`
local time = redis.call('TIME')
local now = math.floor(time[1] * 1000 + time[2] / 1000)
local answer = {}
for i = 1, #ARGV, 3 do
  local key, every, burst = KEYS[1] .. ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  local state = redis.call('HMGET', key, 'since', 'count', 'owed')
  local since, count, owed = tonumber(state[1]) or 0, tonumber(state[2]) or 0, tonumber(state[3]) or 0
  if now >= owed then since, count, owed = now, 0, now end
  if now < since + every and count < burst then
    local function text(number) return string.format('%.0f', number) end
    owed = owed + every
    redis.call('HSET', key, 'since', text(since), 'count', count + 1, 'owed', text(owed))
    redis.call('PEXPIRE', key, text(owed - now + every))
    answer[#answer + 1] = 0
  else answer[#answer + 1] = owed - now end
end
return answer`);

/** Those that are asked for at the same time share a call. */
export function createPairRates(deps: { redis: Redis; namespace: string; logger: Logger }): PairRates {
  const { redis, namespace, logger } = deps;
  const batcher = createBatcher({
    maxBatch: 500,
    concurrency: 2,
    maxWaiting: 10_000,
    run: async (turns: readonly { pair: string; rate: PairRate }[]) => {
      const args = turns.flatMap(({ pair, rate }) => [pair, rate.everyMs, rate.burst]);
      return (await takeScript(redis, [`{${namespace}:pairs}:`], args)) as number[];
    },
  });
  return {
    async take({ account, address, rate, isUrgent }) {
      // Redis is given nobody's address.
      const pair = createHash("sha256").update(`${account}\n${address}`).digest("base64url").slice(0, 22);
      try {
        const waitMs = await within(answerMs, batcher.add({ pair, rate }));
        return waitMs === 0 || isUrgent ? waitMs : Math.round(waitMs * (1 + Math.random()) + rate.everyMs);
      } catch (err) {
        logger.warn({ err, account }, "the rate of an account with one address could not be asked for");
        return 0;
      }
    },
  };
}
