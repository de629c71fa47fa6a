"use client";

import { useQuery } from "@tanstack/react-query";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { BarChart } from "../../../ui/bar-chart";
import { Card, CardBody, CardHeader } from "../../../ui/card";
import { ErrorState } from "../../../ui/error-state";
import { formatCount, formatShare } from "../../../ui/format-number";
import { Skeleton } from "../../../ui/skeleton";
import { Stat, StatRow } from "../../../ui/stat";
import { type ReportCounts, successOf, sumOf, triedOf } from "./endpoint-words";

const everyMinuteMs = 60_000;

/** How an endpoint's reports fared in the last day: the share that arrived, by the hour. */
export function EndpointHealth({ id }: { id: string }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const hours = useQuery({
    ...trpc.webhooks.hours.queryOptions({ ...tenant.input, id }),
    refetchInterval: everyMinuteMs,
  });
  if (hours.isError && !hours.data)
    return (
      <ErrorState title="Its health could not be loaded" error={hours.error} onRetry={() => void hours.refetch()} />
    );
  if (!hours.data) return <Skeleton className="h-20 w-full rounded-lg" />;

  const day = sumOf(hours.data);
  const success = successOf(day);
  const count = (value: number) => `${formatCount(value)}${day.isSampled ? "+" : ""}`;
  return (
    <div className="space-y-4">
      <StatRow>
        <Stat
          label="Success rate, 24 h"
          value={success === null ? "—" : formatShare(success)}
          note={
            success === null
              ? "Nothing was posted to it"
              : day.isSampled
                ? "Of the newest 500 of each hour"
                : `Of ${formatCount(triedOf(day))} tried`
          }
        />
        <Stat label="Delivered" value={count(day.delivered)} />
        <Stat label="Retrying" value={count(day.retrying)} />
        <Stat label="Failed" value={count(day.failed)} />
      </StatRow>
      {success !== null && (
        <Card>
          <CardHeader title="Success rate by the hour" />
          <CardBody>
            <BarChart
              label="What became of reports, as shares of those tried"
              xLabel="Hour"
              rows={hours.data.map((hour) => ({ x: hourOf(hour.at), values: sharesOf(hour) }))}
              series={series}
              format={formatShare}
              domain={[0, 1]}
            />
          </CardBody>
        </Card>
      )}
    </div>
  );
}

const series = [
  { key: "delivered", label: "Delivered", colour: "good" },
  { key: "retrying", label: "Retrying", colour: "warn" },
  { key: "failed", label: "Failed", colour: "bad" },
] as const;

/** Null for an hour in which nothing was tried: that is no zero. */
function sharesOf(hour: ReportCounts): Record<"delivered" | "retrying" | "failed", number | null> {
  const tried = triedOf(hour);
  const share = (count: number) => (tried === 0 ? null : count / tried);
  return { delivered: share(hour.delivered), retrying: share(hour.retrying), failed: share(hour.failed) };
}

const hourOf = (at: Date) => at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
