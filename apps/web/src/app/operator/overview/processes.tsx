"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../../trpc/client";
import { Card, CardBody } from "../../../ui/card";
import { formatDuration } from "../../../ui/format-number";
import { KeyValue } from "../../../ui/key-value";
import { Status } from "../../../ui/status";
import { Part, refreshMs } from "./part";

interface PartStatus {
  name: string;
  state: "ok" | "failing" | "unknown";
  reason?: string;
  latencyMs?: number;
}

/** Which processes are up, and the stores as they see them. */
export function Processes() {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.operator.processes.queryOptions(), refetchInterval: refreshMs });
  return (
    <Part
      title="Processes"
      meaning="Whether each process answers /readyz, and whether the stores answer the processes. Of several alike, one is asked."
      remedy={
        <>
          A process that does not answer: see its log and start it again; what it held comes back by itself once its
          leases run out. A store that fails: bring it back first; every process waits for it and goes on without being
          restarted.
        </>
      }
      query={query}
    >
      {({ processes, stores }) => (
        <div className="grid gap-3 sm:grid-cols-2">
          {[processes, stores].map((parts, index) => (
            <Card key={index === 0 ? "processes" : "stores"}>
              <CardBody className="py-1">
                <KeyValue items={parts.map((part) => ({ label: part.name, value: <PartState {...part} /> }))} />
              </CardBody>
            </Card>
          ))}
        </div>
      )}
    </Part>
  );
}

function PartState({ state, reason, latencyMs }: PartStatus) {
  const tone = { ok: "good", failing: "bad", unknown: "unknown" } as const;
  const word = { ok: "Up", failing: "Failing", unknown: "Unknown" }[state];
  return (
    <>
      <Status tone={tone[state]}>{word}</Status>{" "}
      <span className="ml-1 text-ink-muted text-xs">
        {reason ?? (latencyMs === undefined ? "" : `answers in ${formatDuration(latencyMs)}`)}
      </span>
    </>
  );
}
