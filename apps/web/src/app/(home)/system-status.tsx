"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { WifiOff } from "lucide-react";
import type { PartStatus } from "../../server/status/read-system-status";
import { useTRPC } from "../../trpc/client";
import { Card, CardHeader } from "../../ui/card";
import { Skeleton } from "../../ui/skeleton";
import { Status, type StatusTone } from "../../ui/status";

const refreshMs = 3_000;

const faces: Record<PartStatus["state"], { tone: StatusTone; word: string }> = {
  ok: { tone: "good", word: "OK" },
  failing: { tone: "bad", word: "Failing" },
  unknown: { tone: "unknown", word: "Unknown" },
};

const partsStyles = "divide-line max-sm:divide-y sm:grid sm:grid-cols-2 sm:divide-x";

/** Every process and store, and what is wrong with it; asks again every three seconds. */
export function SystemStatus() {
  const trpc = useTRPC();
  const { data, isRefetchError } = useSuspenseQuery(
    trpc.status.get.queryOptions(undefined, { refetchInterval: refreshMs, retry: false }),
  );
  return (
    <Card>
      <CardHeader title="System status">
        <span aria-live="polite" className="flex">
          {isRefetchError ? <Status tone="unknown">No answer</Status> : <Summary {...data} />}
        </span>
      </CardHeader>
      {isRefetchError && (
        <p className="flex gap-2 border-line border-b bg-sunken px-4 py-3 text-sm">
          <WifiOff aria-hidden className="mt-0.5 size-4 shrink-0" />
          The console's server does not answer. This is what it said last; trying again every few seconds.
        </p>
      )}
      <div className={partsStyles}>
        <Parts title="Processes" parts={data.processes} />
        <Parts title="Stores" parts={data.stores} />
      </div>
    </Card>
  );
}

function Summary({ processes, stores }: { processes: PartStatus[]; stores: PartStatus[] }) {
  const parts = [...processes, ...stores];
  const failing = parts.filter(({ state }) => state === "failing").length;
  if (failing > 0) return <Status tone="bad">{failing} failing</Status>;
  if (parts.some(({ state }) => state === "unknown")) return <Status tone="unknown">Not all known</Status>;
  return <Status tone="good">All is well</Status>;
}

function Parts({ title, parts }: { title: string; parts: PartStatus[] }) {
  return (
    <section aria-label={title} className="px-4 py-3">
      <h3 className="text-ink-muted text-xs">{title}</h3>
      <ul className="mt-1">
        {parts.map((part) => (
          <Part key={part.id} {...part} />
        ))}
      </ul>
    </section>
  );
}

function Part({ name, state, reason, latencyMs }: PartStatus) {
  const { tone, word } = faces[state];
  return (
    <li className="py-1.5">
      <div className="flex items-center justify-between gap-3">
        <span>{name}</span>
        <span className="flex items-center gap-3">
          {latencyMs !== undefined && <span className="text-ink-muted text-xs tabular-nums">{inWords(latencyMs)}</span>}
          <Status tone={tone}>{word}</Status>
        </span>
      </div>
      {reason && <p className="wrap-anywhere text-ink-muted text-sm">{reason}</p>}
    </li>
  );
}

function inWords(ms: number): string {
  return ms < 1 ? "<1 ms" : `${Math.round(ms)} ms`;
}

/** The card before its first answer, in the size it will have. */
export function SystemStatusSkeleton() {
  return (
    <Card aria-busy>
      <CardHeader title="System status">
        <Status tone="unknown">Asking…</Status>
      </CardHeader>
      <div className={partsStyles}>
        {Object.entries({ Processes: 4, Stores: 3 }).map(([title, rows]) => (
          <div key={title} className="px-4 py-3">
            <p className="text-ink-muted text-xs">{title}</p>
            {Array.from({ length: rows }, (_, row) => row).map((row) => (
              <div key={row} className="flex h-[34px] items-center justify-between">
                <Skeleton className="h-3 w-20" />
                <Skeleton className="h-3 w-12" />
              </div>
            ))}
          </div>
        ))}
      </div>
    </Card>
  );
}
