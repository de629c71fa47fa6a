import type { Redis } from "./redis";
import { defineScript } from "./redis-script";

/** What a request may know of its tenant's limit. */
export interface LimitState {
  allowed: boolean;
  /** Requests a second. */
  limit: number;
  /** About how many are left now. */
  remaining: number;
  /** Seconds until there are more; at least 1 when refused. */
  resetSeconds: number;
}

export interface RequestLimiter {
  /** Takes one request of a tenant. Answers at once while this process holds some of the tenant's share. */
  take(tenantId: string, perSecond: number): LimitState | Promise<LimitState>;
}

export interface RequestLimiterOptions {
  /** Fails fast: a limit that can't be asked for is not enforced. */
  redis: Redis;
  namespace: string;
  nowMs?: () => number;
}

/** A share not used within this is worth nothing any more: the bucket has refilled. */
const shareTtlMs = 1_000;
/** While Redis is away it is not asked again for this long, so that requests are not slowed. */
const backOffMs = 1_000;
/** Tenants remembered; beyond, the ones unused longest are forgotten. */
const maxTenants = 20_000;

/**
 * KEYS[1]: the bucket. ARGV: tokens a second (also the burst), tokens wanted.
 * Answers {granted, left}. A bucket that has been idle for its burst's time is full again and forgotten.
 */
const takeScript = defineScript(`
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local rate, want = tonumber(ARGV[1]), tonumber(ARGV[2])
local state = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = rate
if state[1] then tokens = math.min(rate, tonumber(state[1]) + (now - tonumber(state[2])) * rate) end
local granted = math.min(want, math.floor(tokens))
redis.call('HSET', KEYS[1], 'tokens', tokens - granted, 'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], 2000)
return { granted, math.floor(tokens - granted) }`);

interface Share {
  tokens: number;
  left: number;
  expiresAt: number;
  asking: Promise<void> | null;
}

/**
 * Limits requests per tenant over all processes, without a round trip each: a process takes a tenant's tokens from Redis
 * in shares of a fiftieth of a second's worth. When Redis is away everything is allowed: a limit protects the platform,
 * and must not be what takes it down.
 */
export function createRequestLimiter(options: RequestLimiterOptions): RequestLimiter {
  const { redis, namespace, nowMs = Date.now } = options;
  const shares = new Map<string, Share>();
  let openUntil = 0;

  function shareOf(tenantId: string): Share {
    const known = shares.get(tenantId);
    if (known) return known;
    const [oldest] = shares.keys();
    if (shares.size >= maxTenants && oldest !== undefined) shares.delete(oldest);
    const share: Share = { tokens: 0, left: 0, expiresAt: 0, asking: null };
    shares.set(tenantId, share);
    return share;
  }

  async function ask(tenantId: string, share: Share, limit: number): Promise<void> {
    const want = Math.max(1, Math.ceil(limit / 50));
    try {
      const [granted, left] = (await takeScript(redis, [`${namespace}:requests:${tenantId}`], [limit, want])) as [
        number,
        number,
      ];
      share.tokens = granted;
      share.left = left;
      share.expiresAt = nowMs() + shareTtlMs;
    } catch {
      openUntil = nowMs() + backOffMs; // the connection's own listener reports why
    } finally {
      share.asking = null;
    }
  }

  function decide(share: Share, limit: number): LimitState {
    if (nowMs() < openUntil) return { allowed: true, limit, remaining: limit, resetSeconds: 0 };
    const allowed = share.tokens > 0;
    if (allowed) share.tokens -= 1;
    return { allowed, limit, remaining: share.tokens + share.left, resetSeconds: 1 };
  }

  return {
    take(tenantId, limit) {
      const share = shareOf(tenantId);
      const now = nowMs();
      if (now < openUntil || (share.tokens > 0 && now < share.expiresAt)) return decide(share, limit);
      share.asking ??= ask(tenantId, share, limit);
      return waitForShare(tenantId, share, limit);
    },
  };

  /** Several requests may wait for one share: those it does not suffice for ask again, once each. */
  async function waitForShare(tenantId: string, share: Share, limit: number): Promise<LimitState> {
    for (let tries = 0; tries < 50; tries += 1) {
      share.asking ??= ask(tenantId, share, limit);
      await share.asking;
      if (share.tokens > 0 || share.left <= 0 || nowMs() < openUntil) break;
    }
    return decide(share, limit);
  }
}
