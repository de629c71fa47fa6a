"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../../trpc/client";
import { formatCount } from "../../../ui/format-number";
import { Stat, StatRow } from "../../../ui/stat";
import { Part, refreshMs } from "./part";

const words: Record<string, string> = { direct: "Single notifications", bulk: "Bulk notifications" };

/** How far the consumers are behind. */
export function EventLog() {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.operator.eventLog.queryOptions(), refetchInterval: refreshMs });
  return (
    <Part
      title="Event log"
      meaning="Notifications that were accepted and that no consumer has routed yet: the lag of each topic. A few are always on their way; a number that grows for minutes is bad."
      remedy={
        <>
          Look whether a consumer is up above. One is up and the lag still grows: start more of them, up to one for each
          partition, and look whether Postgres is slow. Nothing is lost meanwhile: each notification is a row in
          Postgres, and the sweep publishes again what the log has lost.
        </>
      }
      query={query}
    >
      {({ kind, topics }) => (
        <StatRow>
          {topics.map(({ name, topic, lag }) => (
            <Stat
              key={topic}
              label={words[name] ?? name}
              value={formatCount(lag)}
              note={<code className="wrap-anywhere font-mono">{topic}</code>}
            />
          ))}
          <Stat label="Kept by" value={kind} />
        </StatRow>
      )}
    </Part>
  );
}
