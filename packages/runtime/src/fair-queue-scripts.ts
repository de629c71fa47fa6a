import { defineScript } from "./redis-script";

/**
 * Keys of one channel's queue, all behind the same hash tag (KEYS[1] is that prefix):
 *   :ready:<class>        sorted set of flows that wait, scored by the microsecond at which they may send again
 *   :list:<class>:<flow>  list of 16-byte delivery ids
 *   :later                sorted set of deliveries that wait for another attempt, scored by the microsecond it is due;
 *                         a member is the class (one digit), the 16-byte id and the flow
 *   :rates                hash of limits, `<owner>` → "<per second> <burst>"
 *   :bucket:<owner>       hash of a token bucket: tokens, and the microsecond they were counted at
 *   :leases               hash of groups in hand, token → packed {expiry, class, count, {flow, ids, flow, ids…}}
 *   :in-hand              hash of deliveries in leases: urgent (critical ones) and others
 *   :turn                 counts admissions
 * A flow is `<tenant>` or `<tenant>|<sender>`; an owner is `t:<tenant>` or `s:<sender>`; ids stand end to end, 16 bytes each.
 * A flow stands in :ready exactly while its list is not empty.
 */
const preamble = `
local P = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function ready(class) return P .. ':ready:' .. class end
local function list(class, flow) return P .. ':list:' .. class .. ':' .. flow end
local function micros(moment) return string.format('%.0f', moment) end
local function cut(ids)
  local parts = {}
  for at = 1, #ids, 16 do parts[#parts + 1] = string.sub(ids, at, at + 15) end
  return parts
end
local function lane(class) if tonumber(class) == 0 then return 'urgent' end return 'others' end
local function putInFront(class, flow, ids)
  for at = #ids, 1, -1 do redis.call('LPUSH', list(class, flow), ids[at]) end
  redis.call('ZADD', ready(class), 'NX', micros(now), flow)
end
local function restore(class, flows)
  for at = 1, #flows, 2 do putInFront(class, flows[at], cut(flows[at + 1])) end
end
`;

/** What a bucket holds, null without a limit; and taking from it, which may leave it in debt. */
const buckets = `
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
  redis.call('HSET', b.key, 'tokens', b.tokens, 'at', micros(now))
  redis.call('PEXPIRE', b.key, math.ceil((b.burst - b.tokens) / b.rate * 1000) + 60000)
end
`;

/** ARGV: groups of class, flow, ids. Appends the ids. */
export const pushScript = defineScript(`${preamble}
for i = 1, #ARGV, 3 do
  local class, flow = ARGV[i], ARGV[i + 1]
  redis.call('RPUSH', list(class, flow), unpack(cut(ARGV[i + 2])))
  redis.call('ZADD', ready(class), 'NX', micros(now), flow)
end
return redis.status_reply('OK')`);

/**
 * ARGV: most in hand of critical deliveries and of others, most admitted by one call, largest group, lease token, lease
 * milliseconds, number of classes.
 * Deficit round robin with unit costs: whoever was served longest ago comes first, each gets an equal share of the room,
 * bounded by its token buckets; what some could not use is shared out again. Critical deliveries have room of their own,
 * of which one tenant takes at most half while others wait. Of the others higher classes go first, but every eighth admission
 * begins with the lowest, so that none starves.
 * Answers {whether room has run out, {{token, class, flow, ids, flow, ids…}, …}}.
 */
export const admitScript = defineScript(`${preamble}${buckets}
local mostUrgent, most, bound, largest, token, leaseMs, classes = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]),
  tonumber(ARGV[4]), ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7])
local inHand = redis.call('HMGET', P .. ':in-hand', 'urgent', 'others')
local urgentRoom = math.min(bound, mostUrgent - (tonumber(inHand[1]) or 0))
local room = math.min(bound, most - (tonumber(inHand[2]) or 0))
local share = math.max(1, math.ceil(urgentRoom / 2))
local isFull = (mostUrgent > 0 and urgentRoom <= 0) or (most > 0 and room <= 0)
local turn = redis.call('INCR', P .. ':turn')
local tick = 0
local groups, open = {}, {}

for _, member in ipairs(redis.call('ZRANGE', P .. ':later', '-inf', micros(now), 'BYSCORE', 'LIMIT', 0, 500)) do
  putInFront(string.sub(member, 1, 1), string.sub(member, 18), { string.sub(member, 2, 17) })
  redis.call('ZREM', P .. ':later', member)
end

local function take(class, flow, ids)
  local at = 1
  while at <= #ids do
    local group = open[class]
    if not group then
      group = { token .. '-' .. turn .. '-' .. (#groups + 1), class, 0, {} } -- told apart when a call is sent again
      groups[#groups + 1], open[class] = group, group
    end
    local last = math.min(#ids, at + largest - group[3] - 1)
    group[4][#group[4] + 1] = flow
    group[4][#group[4] + 1] = table.concat(ids, '', at, last)
    group[3] = group[3] + last - at + 1
    if group[3] >= largest then open[class] = nil end
    at = last + 1
  end
  redis.call('HINCRBY', P .. ':in-hand', lane(class), #ids)
  if class == 0 then urgentRoom = urgentRoom - #ids else room = room - #ids end
end

-- microseconds until a bucket holds what is worth coming back for: ten milliseconds of its rate, at least one token
local function pause(b)
  if not b or b.tokens >= 1 then return 0 end
  return math.ceil((math.min(b.burst, math.max(1, b.rate / 100)) - b.tokens) / b.rate * 1000000)
end

local function serve(class, limit)
  while limit > 0 do
    local flows = redis.call('ZRANGE', ready(class), '-inf', micros(now + tick), 'BYSCORE', 'LIMIT', 0, 256)
    if #flows == 0 then return end
    local each = math.max(1, math.floor(limit / #flows))
    if class == 0 then each = math.min(each, share) end
    local served = 0
    for _, flow in ipairs(flows) do
      if limit <= 0 then return end
      local tenant, sender = string.match(flow, '^([^|]*)|?(.*)$')
      local tb = bucket('t:' .. tenant)
      local sb = sender ~= '' and bucket('s:' .. sender) or nil
      local n = math.min(each, limit)
      if tb then n = math.min(n, math.floor(tb.tokens)) end
      if sb then n = math.min(n, math.floor(sb.tokens)) end
      local ids = n > 0 and redis.call('LPOP', list(class, flow), n) or {}
      if #ids > 0 then
        take(class, flow, ids)
        spend(tb, #ids); spend(sb, #ids)
        limit, served = limit - #ids, served + #ids
      end
      tick = tick + 1
      if redis.call('EXISTS', list(class, flow)) == 0 then redis.call('ZREM', ready(class), flow)
      else
        -- whoever was served comes a millisecond behind those that waited for the same sender in vain
        local rest = math.max(pause(tb), pause(sb))
        if sb and rest > 0 and #ids > 0 then rest = rest + 1000 end
        redis.call('ZADD', ready(class), micros(now + tick + rest), flow)
      end
    end
    if served == 0 or class == 0 then return end
  end
end

if turn % 8 == 0 then for class = classes - 1, 1, -1 do serve(class, math.ceil(room / 2)) end end
serve(0, urgentRoom)
serve(0, urgentRoom)
for class = 1, classes - 1 do serve(class, room) end

local answer = {}
for _, group in ipairs(groups) do
  local token, class, count, flows = unpack(group)
  redis.call('HSET', P .. ':leases', token, cmsgpack.pack({ micros(now + leaseMs * 1000), class, count, flows }))
  answer[#answer + 1] = { token, class, unpack(flows) }
end
return { isFull and 1 or 0, answer }`);

/**
 * ARGV: lease token, how many senders owe more, a sender and its tokens for each, then groups of milliseconds, class, flow,
 * id. The group is done with: its room is free, and those that need another attempt wait for it.
 */
export const finishScript = defineScript(`${preamble}${buckets}
local lease = redis.call('HGET', P .. ':leases', ARGV[1])
if lease then
  redis.call('HDEL', P .. ':leases', ARGV[1])
  local _, class, count = unpack(cmsgpack.unpack(lease))
  redis.call('HINCRBY', P .. ':in-hand', lane(class), -count)
end
local owing = tonumber(ARGV[2])
for i = 3, 1 + 2 * owing, 2 do spend(bucket('s:' .. ARGV[i]), ARGV[i + 1]) end
for i = 3 + 2 * owing, #ARGV, 4 do
  redis.call('ZADD', P .. ':later', micros(now + ARGV[i] * 1000), ARGV[i + 1] .. ARGV[i + 3] .. ARGV[i + 2])
end
return redis.status_reply('OK')`);

/** ARGV: lease token, count. So many of the group are done with: their room is free, the others go on. */
export const releaseScript = defineScript(`${preamble}
local lease = redis.call('HGET', P .. ':leases', ARGV[1])
if not lease then return 0 end
local expiry, class, count, flows = unpack(cmsgpack.unpack(lease))
local released = math.min(count, tonumber(ARGV[2]))
redis.call('HSET', P .. ':leases', ARGV[1], cmsgpack.pack({ expiry, class, count - released, flows }))
redis.call('HINCRBY', P .. ':in-hand', lane(class), -released)
return released`);

/** ARGV: lease tokens that end at once. Puts groups whose lease is over back in front. Answers how many deliveries. */
export const reclaimScript = defineScript(`${preamble}
local given = {}
for _, token in ipairs(ARGV) do given[token] = true end
local all = redis.call('HGETALL', P .. ':leases')
local back, left = 0, { urgent = 0, others = 0 }
for i = 1, #all, 2 do
  local expiry, class, count, flows = unpack(cmsgpack.unpack(all[i + 1]))
  if given[all[i]] or tonumber(expiry) <= now then
    restore(class, flows)
    redis.call('HDEL', P .. ':leases', all[i])
    back = back + count
  else left[lane(class)] = left[lane(class)] + count end
end
redis.call('HSET', P .. ':in-hand', 'urgent', left.urgent, 'others', left.others)
return back`);

/**
 * ARGV: number of classes. Answers how many wait for another attempt, then of each class how many wait in line and the
 * millisecond in the id of the oldest at the head of a line, -1 for none. Its cost is the flows that wait: for a scrape, not
 * a loop.
 */
export const linesScript = defineScript(`${preamble}
local answer = { redis.call('ZCARD', P .. ':later') }
for class = 0, tonumber(ARGV[1]) - 1 do
  local waiting, oldest = 0, -1
  for _, flow in ipairs(redis.call('ZRANGE', ready(class), 0, -1)) do
    waiting = waiting + redis.call('LLEN', list(class, flow))
    local head, ms = redis.call('LINDEX', list(class, flow), 0), 0
    if head then
      for at = 1, 6 do ms = ms * 256 + string.byte(head, at) end
      if oldest < 0 or ms < oldest then oldest = ms end
    end
  end
  answer[#answer + 1], answer[#answer + 2] = waiting, oldest
end
return answer`);

/** ARGV: classes to look at. Answers {how many flows wait, microseconds until one may send, -1 when none waits}. */
export const outlookScript = defineScript(`${preamble}
local flows, soonest = 0, -1
local function look(key)
  flows = flows + redis.call('ZCARD', key)
  local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  if first[2] then
    local wait = math.max(0, tonumber(first[2]) - now)
    if soonest < 0 or wait < soonest then soonest = wait end
  end
end
for _, class in ipairs(ARGV) do look(ready(class)) end
look(P .. ':later')
return { flows, soonest }`);

/** ARGV: groups of class, flow, id. Answers the ids that are neither leased nor waiting for another attempt. */
export const notHeldScript = defineScript(`${preamble}
local leased = {}
for _, lease in ipairs(redis.call('HVALS', P .. ':leases')) do
  local flows = cmsgpack.unpack(lease)[4]
  for at = 2, #flows, 2 do for _, id in ipairs(cut(flows[at])) do leased[id] = true end end
end
local free = {}
for i = 1, #ARGV, 3 do
  local class, flow, id = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if not leased[id] and not redis.call('ZSCORE', P .. ':later', class .. id .. flow) then free[#free + 1] = id end
end
return free`);
