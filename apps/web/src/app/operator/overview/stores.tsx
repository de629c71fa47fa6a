"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../../trpc/client";
import { Card, CardBody } from "../../../ui/card";
import { formatBytes, formatCount } from "../../../ui/format-number";
import { KeyValue } from "../../../ui/key-value";
import { QuotaBar } from "../../../ui/quota-bar";
import { Status } from "../../../ui/status";
import { Part } from "./part";

const refreshMs = 15_000;

/** How full the stores are. */
export function Stores() {
  return (
    <div className="grid gap-8 lg:grid-cols-2">
      <Postgres />
      <RedisStore />
    </div>
  );
}

function Postgres() {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.operator.postgres.queryOptions(), refetchInterval: refreshMs });
  return (
    <Part
      title="Postgres"
      meaning="The authority: what it holds, and the connections of all processes together."
      remedy={
        <>
          Connections near their most: lower POSTGRES_POOL, or raise max_connections. Growing beyond its disk: shorten
          RETENTION_DAYS; whole weeks are dropped, and the room is free at once.
        </>
      }
      query={query}
    >
      {({ sizeBytes, connections, maxConnections, tables }) => (
        <Card>
          <CardBody className="space-y-3">
            <QuotaBar label="Connections" used={connections} limit={maxConnections} />
            <KeyValue
              items={[
                { label: "In all", value: <span className="font-medium">{formatBytes(sizeBytes)}</span> },
                ...tables.map(({ name, sizeBytes }) => ({
                  label: <code className="font-mono text-xs">{name}</code>,
                  value: formatBytes(sizeBytes),
                })),
              ]}
            />
          </CardBody>
        </Card>
      )}
    </Part>
  );
}

function RedisStore() {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.operator.redis.queryOptions(), refetchInterval: refreshMs });
  return (
    <Part
      title="Redis"
      meaning="Queues, circuits and limits: ids only. What it loses is rebuilt from Postgres, so it may be lost but must not be short of room."
      remedy={
        <>
          Nearly full: give it more memory. A policy other than noeviction, or keys that were thrown away: set
          maxmemory-policy to noeviction; the sweep puts back what was lost.
        </>
      }
      query={query}
    >
      {({ usedBytes, maxBytes, evicted, policy }) => (
        <Card>
          <CardBody className="py-1">
            <KeyValue
              items={[
                {
                  label: "Memory",
                  value: `${formatBytes(usedBytes)} of ${maxBytes === null ? "what its machine has" : formatBytes(maxBytes)}`,
                },
                {
                  label: "When it is full",
                  value:
                    policy === "noeviction" ? (
                      <Status tone="good">Refuses, and keeps all</Status>
                    ) : (
                      <Status tone="bad">{`Throws away (${policy})`}</Status>
                    ),
                },
                {
                  label: "Thrown away",
                  value: evicted === 0 ? "Nothing" : <Status tone="bad">{`${formatCount(evicted)} keys`}</Status>,
                },
              ]}
            />
          </CardBody>
        </Card>
      )}
    </Part>
  );
}
