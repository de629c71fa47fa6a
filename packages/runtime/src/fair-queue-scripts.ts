import { defineScript } from "./redis-script";

/**
 * Keys of one channel's queue, all behind the same hash tag (KEYS[1] is that prefix):
 *   :ready:<class>        sorted set of flows that wait, scored by the microsecond at which they may send again
 *   :list:<class>:<flow>  list of 16-byte delivery ids
 *   :rates                hash of limits, `<owner>` → "<per second> <burst>"
 *   :bucket:<owner>       hash of a token bucket: tokens, and the microsecond they were counted at
 *   :leases               hash of admissions not yet confirmed, token → packed {expiry, {class, flow, ids…}…}
 *   :turn                 counts admissions
 * A flow is `<tenant>` or `<tenant>|<sender>`; an owner is `t:<tenant>` or `s:<sender>`.
 * A flow stands in :ready exactly while its list is not empty.
 */
const preamble = `
local P = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function ready(class) return P .. ':ready:' .. class end
local function list(class, flow) return P .. ':list:' .. class .. ':' .. flow end
`;

/** ARGV: groups of class, flow, count, id × count. Appends the ids. */
export const pushScript = defineScript(`${preamble}
local i = 1
while i <= #ARGV do
  local class, flow, count = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
  redis.call('RPUSH', list(class, flow), unpack(ARGV, i + 3, i + 2 + count))
  redis.call('ZADD', ready(class), 'NX', now, flow)
  i = i + 3 + count
end
return redis.status_reply('OK')`);

/**
 * ARGV: want, lease token, lease milliseconds, number of classes.
 * Deficit round robin with unit costs: whoever was served longest ago comes first, each gets an equal share of what is
 * wanted, bounded by its token buckets; what some could not use is shared out again. Higher classes go first, but every
 * eighth admission begins with the lowest, so that none starves, and one tenant takes at most half of it as critical.
 * Answers {{class, tenant, {id, …}}, …}.
 */
export const admitScript = defineScript(`${preamble}
local want, token, leaseMs, classes = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local out, lease = {}, {}
local tick = 0

local function bucket(owner)
  local limit = redis.call('HGET', P .. ':rates', owner)
  if not limit then return nil end
  local rate, burst = string.match(limit, '([%d.]+) (%d+)')
  rate, burst = tonumber(rate), tonumber(burst)
  local key = P .. ':bucket:' .. owner
  local state = redis.call('HMGET', key, 'tokens', 'at')
  local tokens = burst
  if state[1] then tokens = math.min(burst, tonumber(state[1]) + (now - tonumber(state[2])) * rate / 1000000) end
  return { key = key, rate = rate, burst = burst, tokens = tokens }
end

local function spend(b, count)
  if not b then return end
  b.tokens = b.tokens - count
  redis.call('HSET', b.key, 'tokens', b.tokens, 'at', string.format('%.0f', now))
  redis.call('PEXPIRE', b.key, math.ceil(b.burst / b.rate * 1000) + 60000)
end

-- microseconds until a bucket holds what is worth coming back for: ten milliseconds of its rate, at least one token
local function pause(b)
  if not b or b.tokens >= 1 then return 0 end
  return math.ceil((math.min(b.burst, math.max(1, b.rate / 100)) - b.tokens) / b.rate * 1000000)
end

local function serve(class, limit)
  while limit > 0 do
    local flows = redis.call('ZRANGE', ready(class), '-inf', string.format('%.0f', now + tick), 'BYSCORE', 'LIMIT', 0, 256)
    if #flows == 0 then return end
    local share = math.max(1, math.floor(limit / #flows))
    if class == 0 then share = math.min(share, math.max(1, math.ceil(want / 2))) end
    local served = 0
    for _, flow in ipairs(flows) do
      if limit <= 0 then return end
      local tenant, sender = string.match(flow, '^([^|]*)|?(.*)$')
      local tb = bucket('t:' .. tenant)
      local sb = sender ~= '' and bucket('s:' .. sender) or nil
      local n = math.min(share, limit)
      if tb then n = math.min(n, math.floor(tb.tokens)) end
      if sb then n = math.min(n, math.floor(sb.tokens)) end
      local ids = n > 0 and redis.call('LPOP', list(class, flow), n) or {}
      if #ids > 0 then
        lease[#lease + 1] = { class, flow, ids }
        out[#out + 1] = { class, tenant, ids }
        spend(tb, #ids); spend(sb, #ids)
        want, limit, served = want - #ids, limit - #ids, served + #ids
      end
      tick = tick + 1
      if redis.call('EXISTS', list(class, flow)) == 0 then redis.call('ZREM', ready(class), flow)
      else redis.call('ZADD', ready(class), string.format('%.0f', now + tick + math.max(pause(tb), pause(sb))), flow) end
    end
    if served == 0 or class == 0 then return end
  end
end

local turn = redis.call('INCR', P .. ':turn')
if turn % 8 == 0 then for class = classes - 1, 0, -1 do serve(class, math.ceil(want / 2)) end end
for class = 0, classes - 1 do serve(class, want) end
if want > 0 then serve(0, want) end

if #lease > 0 then redis.call('HSET', P .. ':leases', token, cmsgpack.pack({ string.format('%.0f', now + leaseMs * 1000), lease })) end
return out`);

/** ARGV: lease token. The admission has arrived where it should. */
export const confirmScript = defineScript(`${preamble} return redis.call('HDEL', P .. ':leases', ARGV[1])`);

/** Puts admissions whose lease has expired back in front. Answers how many deliveries that were. */
export const reclaimScript = defineScript(`${preamble}
local all = redis.call('HGETALL', P .. ':leases')
local back = 0
for i = 1, #all, 2 do
  local lease = cmsgpack.unpack(all[i + 1])
  if tonumber(lease[1]) <= now then
    for _, group in ipairs(lease[2]) do
      local class, flow, ids = group[1], group[2], group[3]
      for j = #ids, 1, -1 do redis.call('LPUSH', list(class, flow), ids[j]) end
      redis.call('ZADD', ready(class), 'NX', now, flow)
      back = back + #ids
    end
    redis.call('HDEL', P .. ':leases', all[i])
  end
end
return back`);

/** ARGV: number of classes. Answers how many deliveries wait. Its cost is the flows that wait: for a scrape, not a loop. */
export const waitingScript = defineScript(`${preamble}
local waiting = 0
for class = 0, tonumber(ARGV[1]) - 1 do
  for _, flow in ipairs(redis.call('ZRANGE', ready(class), 0, -1)) do
    waiting = waiting + redis.call('LLEN', list(class, flow))
  end
end
return waiting`);

/** ARGV: number of classes. Answers {how many flows wait, microseconds until one may send, -1 when none waits}. */
export const outlookScript = defineScript(`${preamble}
local flows, soonest = 0, -1
for class = 0, tonumber(ARGV[1]) - 1 do
  flows = flows + redis.call('ZCARD', ready(class))
  local first = redis.call('ZRANGE', ready(class), 0, 0, 'WITHSCORES')
  if first[2] then
    local wait = math.max(0, tonumber(first[2]) - now)
    if soonest < 0 or wait < soonest then soonest = wait end
  end
end
return { flows, soonest }`);
