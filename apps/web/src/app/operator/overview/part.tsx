"use client";

import type { ReactNode } from "react";
import { ErrorState } from "../../../ui/error-state";
import { Fold } from "../../../ui/fold";
import { Section } from "../../../ui/section";
import { SkeletonRows } from "../../../ui/skeleton";

/** How often parts are asked again, in milliseconds. */
export const refreshMs = 5_000;

/** One part of the platform: what it means, what it shows, and what to do when that is bad. */
export interface PartProps<Data> {
  title: string;
  /** What the figures say. */
  meaning: ReactNode;
  /** What to do when they are bad. */
  remedy: ReactNode;
  query: { data: Data | undefined; error: unknown; isError: boolean; refetch(): unknown };
  children: (data: Data) => ReactNode;
}

export function Part<Data>({ title, meaning, remedy, query, children }: PartProps<Data>) {
  const { data, error, isError, refetch } = query;
  return (
    <Section title={title} description={meaning}>
      {isError ? (
        <div className="rounded-lg border border-line bg-surface">
          <ErrorState title={`${title}: not known`} error={error} onRetry={() => void refetch()} className="py-6" />
        </div>
      ) : data === undefined ? (
        <SkeletonRows rows={3} />
      ) : (
        children(data)
      )}
      <Fold title="What to do when this is bad">
        <div className="max-w-prose text-pretty text-ink-muted text-sm">{remedy}</div>
      </Fold>
    </Section>
  );
}
