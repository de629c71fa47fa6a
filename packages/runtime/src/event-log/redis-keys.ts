/** Names of what the event log keeps in Redis. */
export type RedisKeys = ReturnType<typeof redisKeys>;

/** All that belongs to one partition carries the same hash tag, so that scripts run on a Redis Cluster too. */
export function redisKeys(namespace: string) {
  const prefix = `${namespace}:log`;
  return {
    topics: `${prefix}:topics`,
    stream: (topic: string, partition: number) => `${prefix}:{${topic}/${partition}}`,
    lease: (topic: string, partition: number, group: string) => `${prefix}:{${topic}/${partition}}:lease:${group}`,
    members: (group: string) => `${prefix}:members:${group}`,
    /** Says the number of a partition that has new messages. */
    topicChannel: (topic: string) => `${prefix}:new:${topic}`,
    /** Says that members or leases of a group have changed. */
    groupChannel: (group: string) => `${prefix}:group:${group}`,
  };
}
