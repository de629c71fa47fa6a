import { defineScript } from "../redis-script";

/**
 * Appends messages to a partition and wakes its reader.
 * KEYS: stream. ARGV: channel, partition, most entries of a stream, then key and value of each message.
 */
export const appendScript = defineScript(`
for i = 4, #ARGV, 2 do
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 'k', ARGV[i], 'v', ARGV[i + 1])
end
redis.call('PUBLISH', ARGV[1], ARGV[2])
`);

/**
 * The next entries for the owner of a partition: those handed out and never acknowledged, else new ones.
 * A group that is missing, as after FLUSHALL, is made again and begins at the first entry.
 * KEYS: stream, lease. ARGV: owner, group, count. Returns null when somebody else owns the partition.
 */
export const takeScript = defineScript(`
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return false end
local function read(from)
  return redis.pcall('XREADGROUP', 'GROUP', ARGV[2], 'owner', 'COUNT', ARGV[3], 'STREAMS', KEYS[1], from)
end
local reply = read('0')
if reply and reply.err then
  if string.sub(reply.err, 1, 7) ~= 'NOGROUP' then return reply end
  redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[2], '0', 'MKSTREAM')
  reply = read('0')
end
if reply and #reply[1][2] > 0 then return reply[1][2] end
reply = read('>')
if reply then return reply[1][2] end
return {}
`);

/**
 * Acknowledges entries, then trims what every group has handled and nobody needs for a replay.
 * KEYS: stream, lease. ARGV: owner, group, handled entries to keep, then ids. Returns 0 when somebody else owns the partition.
 */
export const acknowledgeScript = defineScript(`
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('XACK', KEYS[1], ARGV[2], unpack(ARGV, 4))
local keep = tonumber(ARGV[3])
if redis.call('XLEN', KEYS[1]) <= keep then return 1 end
for _, fields in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #fields, 2 do group[fields[i]] = fields[i + 1] end
  if not group.lag then return 1 end
  keep = math.max(keep, group.lag + group.pending)
end
redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', keep)
return 1
`);

/** Takes or renews the lease of a partition. KEYS: lease. ARGV: owner, milliseconds. Returns 1 when it is the owner's. */
export const leaseScript = defineScript(`
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

/** Gives a lease back and tells the group. KEYS: lease. ARGV: owner, channel. */
export const releaseScript = defineScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
redis.call('PUBLISH', ARGV[2], 'released')
`);

/**
 * Joins a group or stays in it, by the server's clock. Who has not said so for too long is out.
 * KEYS: members. ARGV: member, milliseconds, channel. Returns all members, sorted.
 */
export const joinScript = defineScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1]) == 1 then redis.call('PUBLISH', ARGV[3], 'joined') end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local members = redis.call('ZRANGE', KEYS[1], 0, -1)
table.sort(members)
return members
`);

/** Leaves a group and tells it. KEYS: members. ARGV: member, channel. */
export const leaveScript = defineScript(`
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('PUBLISH', ARGV[2], 'left')
`);

/** Partitions of a topic, raised to a number when they are fewer. KEYS: topics. ARGV: topic, at least. Returns 0 for no such topic. */
export const partitionsScript = defineScript(`
local partitions = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0)
local wanted = tonumber(ARGV[2])
if partitions >= wanted then return partitions end
redis.call('HSET', KEYS[1], ARGV[1], wanted)
return wanted
`);

/** Entries of a stream a group has not acknowledged. KEYS: stream. ARGV: group. */
export const lagScript = defineScript(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
for _, fields in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #fields, 2 do group[fields[i]] = fields[i + 1] end
  if group.name == ARGV[1] and group.lag then return group.lag + group.pending end
end
return redis.call('XLEN', KEYS[1])
`);

/**
 * Sets a group's position, forgetting what it had in hand.
 * KEYS: stream, lease. ARGV: group, the id before the first entry to be read, that first id. Returns 0 when the partition has an owner.
 */
export const rewindScript = defineScript(`
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
redis.call('XGROUP', 'CREATE', KEYS[1], '#rewind', '0', 'MKSTREAM')
redis.call('XGROUP', 'DESTROY', KEYS[1], '#rewind')
local info, stream = redis.call('XINFO', 'STREAM', KEYS[1]), {}
for i = 1, #info, 2 do stream[info[i]] = info[i + 1] end
local read, from = stream['entries-added'], ARGV[3]
repeat
  local page = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', 1000)
  read = read - #page
  if #page > 0 then from = '(' .. page[#page][1] end
until #page < 1000
redis.call('XGROUP', 'DESTROY', KEYS[1], ARGV[1])
redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[1], ARGV[2], 'ENTRIESREAD', read)
return 1
`);
