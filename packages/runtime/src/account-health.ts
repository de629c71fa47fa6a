import type { Logger } from "./logger";
import type { Redis } from "./redis";
import { defineScript } from "./redis-script";
import { repeat } from "./repeat";
import { within } from "./within";

/**
 * A circuit that is open is not sent through. After a while it is half-open: one send, the probe, finds out whether it
 * closes again. (Nygard, Release It!, 2007.)
 */
export type Circuit = "closed" | "open" | "half-open";

/** How an account has fared over the last 10 to 20 seconds, with all workers. */
export interface AccountHealth {
  circuit: Circuit;
  /** Sends that failed for the account's sake, of all: 0 to 1. */
  errorRate: number;
  /** Mean duration of a send; null when there was none. */
  latencyMs: number | null;
}

/** The health of provider accounts, shared by all workers through Redis: what one of them meets, the others know. */
export interface AccountsHealth {
  of(accountId: string): AccountHealth;
  /**
   * Takes the probe of a half-open circuit for a send that begins now. Redis is asked once, and only while nobody is known to
   * have it. Never throws.
   */
  takeProbe(accountId: string): Promise<boolean>;
  /** Nothing was sent after all: a probe that this worker took is anybody's again. */
  giveProbeBack(accountId: string): void;
  record(accountId: string, isOk: boolean, durationMs: number): void;
  /** Tells the others a last time. */
  close(): Promise<void>;
}

/** Longest until a worker knows what others met. Between two, it tells and asks for all accounts in one call. */
const tellEveryMs = 250;
const windowMs = 10_000;
/** Fewer sends than this tell nothing. */
const minSends = 5;
const openAtErrorRate = 0.5;
/** So many in a row open a circuit at once: an account that is gone must not wait until it has spoilt the mean of seconds. */
const openAfterInARow = 10;
const openForMs = 5_000;
const openForMostMs = 300_000;
/** A probe whose worker is gone is anybody's after this: an attempt takes no longer. */
const probeMs = 20_000;
/** An account nobody has used for so long is not asked for any more. */
const forgetMs = 60_000;
const maxPerCall = 500;
/** A probe that is not granted within this goes to another send. */
const probeAnswerMs = 1_000;

/**
 * KEYS[1]: prefix. ARGV: groups of account, sends that went well, sends that failed, their milliseconds in all, 1 when its probe is given back.
 * Each account is a hash: at (begin of the window), ok, bad, ms, and of the window before ok0, bad0, ms0; row (failures since
 * one went well), opened (how often in a row), until (open until), probe (taken until). Answers for each account {circuit, sends, failed, milliseconds, 1 when its probe is taken}.
 */
const tellScript = defineScript(`
local time = redis.call('TIME')
local now = math.floor(time[1] * 1000 + time[2] / 1000)
local answer = {}
for i = 1, #ARGV, 5 do
  local key, ok, bad, ms = KEYS[1] .. ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3])
  local all = redis.call('HGETALL', key)
  local a = {}
  for j = 1, #all, 2 do a[all[j]] = tonumber(all[j + 1]) end
  local function get(name) return a[name] or 0 end
  local age = now - get('at')
  if age >= ${windowMs} then
    local before = age < ${2 * windowMs}
    a.ok0, a.bad0, a.ms0 = before and get('ok') or 0, before and get('bad') or 0, before and get('ms') or 0
    a.ok, a.bad, a.ms, a.at = 0, 0, 0, now
  end
  a.ok, a.bad, a.ms = get('ok') + ok, get('bad') + bad, get('ms') + ms
  if ARGV[i + 4] == '1' then a.probe = 0 end
  a.row = ok > 0 and 0 or get('row') + bad
  local circuit = 'closed'
  if get('until') > 0 then
    circuit = now < get('until') and 'open' or 'half-open'
    if circuit == 'half-open' and bad > 0 then
      a.opened = get('opened') + 1
      a['until'] = now + math.min(${openForMs} * 2 ^ (a.opened - 1), ${openForMostMs})
      a.probe, circuit = 0, 'open'
    elseif ok > 0 and bad == 0 and circuit == 'half-open' then
      a['until'], a.opened, a.probe = 0, 0, 0
      a.ok, a.bad, a.ms, a.ok0, a.bad0, a.ms0 = ok, 0, ms, 0, 0, 0
      circuit = 'closed'
    end
  else
    local sends, failed = a.ok + a.bad + get('ok0') + get('bad0'), a.bad + get('bad0')
    local isFailing = sends >= ${minSends} and failed / sends >= ${openAtErrorRate}
    if bad > 0 and (isFailing or a.row >= ${openAfterInARow}) then
      a.opened, a['until'], a.probe, circuit = 1, now + ${openForMs}, 0, 'open'
    end
  end
  local fields = {}
  for name, value in pairs(a) do
    fields[#fields + 1] = name
    fields[#fields + 1] = string.format('%.0f', value)
  end
  redis.call('HSET', key, unpack(fields))
  redis.call('PEXPIRE', key, ${2 * openForMostMs})
  answer[#answer + 1] = { circuit, get('ok') + get('ok0') + get('bad') + get('bad0'), get('bad') + get('bad0'),
    get('ms') + get('ms0'), get('probe') > now and 1 or 0 }
end
return answer`);

/** KEYS[1]: the account's hash. Answers 1 when its circuit is half-open and its probe was anybody's. */
const probeScript = defineScript(`
local time = redis.call('TIME')
local now = math.floor(time[1] * 1000 + time[2] / 1000)
local state = redis.call('HMGET', KEYS[1], 'until', 'probe')
local opened, probe = tonumber(state[1]) or 0, tonumber(state[2]) or 0
if opened == 0 or opened > now or probe > now then return 0 end
redis.call('HSET', KEYS[1], 'probe', string.format('%.0f', now + ${probeMs}))
return 1`);

/**
 * The same as whoever only looks sees it: nothing is told, and no probe taken. Accounts nobody has used for ten minutes are
 * not in it.
 */
export async function readAccountsHealth(
  { redis, namespace }: { redis: Redis; namespace: string },
  accountIds: readonly string[],
): Promise<Map<string, AccountHealth>> {
  const prefix = prefixOf(namespace);
  const nowMs = Date.now();
  const read = accountIds.map(async (id) => [id, await redis.hgetall(prefix + id)] as const);
  const known = (await Promise.all(read)).filter(([, fields]) => fields.at !== undefined);
  return new Map(known.map(([id, fields]) => [id, healthOf(fields, nowMs)]));
}

function healthOf(fields: Record<string, string>, nowMs: number): AccountHealth {
  const get = (name: string) => Number(fields[name] ?? 0);
  const ageMs = nowMs - get("at");
  // As `tellScript` turns windows: the present one may be over, or so long ago that nothing is left of it.
  const [now, before] = ageMs < windowMs ? [1, 1] : ageMs < 2 * windowMs ? [1, 0] : [0, 0];
  const ok = now * get("ok") + before * get("ok0");
  const bad = now * get("bad") + before * get("bad0");
  const sends = ok + bad;
  const until = get("until");
  return {
    circuit: until === 0 ? "closed" : nowMs < until ? "open" : "half-open",
    errorRate: sends === 0 ? 0 : bad / sends,
    latencyMs: sends === 0 ? null : (now * get("ms") + before * get("ms0")) / sends,
  };
}

function prefixOf(namespace: string): string {
  return `{${namespace}:accounts}:health:`;
}

interface Known {
  health: AccountHealth;
  /** Whether somebody has the probe, or is about to, as far as is known here. */
  isProbeTaken: boolean;
  /** Whether a send of this worker is the probe. */
  isProbing: boolean;
  /** Whether the others are to be told that the probe is given back. */
  givesBack: boolean;
  usedAt: number;
  ok: number;
  bad: number;
  ms: number;
}

export function createAccountsHealth(deps: {
  redis: Redis;
  namespace: string;
  logger: Logger;
  /** Told when a circuit opens or closes, as this worker comes to know it. */
  onTurn?(accountId: string, circuit: Circuit): void;
}): AccountsHealth {
  const { redis, namespace, logger, onTurn } = deps;
  const prefix = prefixOf(namespace);
  const accounts = new Map<string, Known>();

  function use(accountId: string): Known {
    const known = accounts.get(accountId);
    if (known) {
      known.usedAt = performance.now();
      return known;
    }
    const fresh: Known = {
      health: { circuit: "closed", errorRate: 0, latencyMs: null },
      isProbeTaken: false,
      isProbing: false,
      givesBack: false,
      usedAt: performance.now(),
      ok: 0,
      bad: 0,
      ms: 0,
    };
    accounts.set(accountId, fresh);
    return fresh;
  }

  async function tell(): Promise<void> {
    const now = performance.now();
    for (const [id, known] of accounts) if (now - known.usedAt > forgetMs) accounts.delete(id);
    const all = [...accounts];
    for (let at = 0; at < all.length; at += maxPerCall) await tellSome(all.slice(at, at + maxPerCall));
  }

  async function tellSome(some: readonly [string, Known][]): Promise<void> {
    const args = some.flatMap(([id, { ok, bad, ms, givesBack }]) => [id, ok, bad, Math.round(ms), givesBack ? 1 : 0]);
    const told = some.map(([, { ok, bad, ms, givesBack }]) => ({ ok, bad, ms, givesBack }));
    const answer = (await tellScript(redis, [prefix], args)) as [Buffer, number, number, number, number][];
    for (const [index, [id, known]] of some.entries()) {
      const { ok, bad, ms, givesBack } = told[index] as Pick<Known, "ok" | "bad" | "ms" | "givesBack">;
      known.ok -= ok;
      known.bad -= bad;
      known.ms -= ms;
      if (givesBack) known.givesBack = false;
      const [words, sends, failed, totalMs, probe] = answer[index] as (typeof answer)[number];
      const circuit = words.toString() as Circuit;
      known.isProbeTaken = probe === 1;
      if (circuit !== known.health.circuit) onTurn?.(id, circuit);
      known.health = {
        circuit,
        errorRate: sends === 0 ? 0 : failed / sends,
        latencyMs: sends === 0 ? null : totalMs / sends,
      };
    }
  }

  const stop = repeat(tell, {
    everyMs: tellEveryMs,
    onError: (err) =>
      logger.warn({ err }, "the health of provider accounts could not be shared; each worker goes by its own"),
  });

  return {
    of: (accountId) => use(accountId).health,
    async takeProbe(accountId) {
      const known = use(accountId);
      if (known.isProbeTaken) return false;
      known.isProbeTaken = true;
      try {
        known.isProbing = (await within(probeAnswerMs, probeScript(redis, [prefix + accountId], []))) === 1;
      } catch (err) {
        logger.warn({ err, account: accountId }, "the probe of a provider account could not be asked for");
      }
      return known.isProbing;
    },
    giveProbeBack(accountId) {
      const known = use(accountId);
      if (!known.isProbing) return;
      known.isProbing = false;
      known.givesBack = true;
    },
    record(accountId, isOk, durationMs) {
      const known = use(accountId);
      known.isProbing = false;
      if (isOk) known.ok += 1;
      else known.bad += 1;
      known.ms += durationMs;
    },
    async close() {
      await stop();
      await tell().catch((err: unknown) => logger.debug({ err }, "the last health was not told"));
    },
  };
}
