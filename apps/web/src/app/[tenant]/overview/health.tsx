"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { BarChart } from "../../../ui/bar-chart";
import { Card, CardBody } from "../../../ui/card";
import { ErrorState } from "../../../ui/error-state";
import { formatCount, formatDuration, formatShare } from "../../../ui/format-number";
import { Section } from "../../../ui/section";
import { Segmented } from "../../../ui/segmented";
import { Skeleton } from "../../../ui/skeleton";
import { Stat, StatRow } from "../../../ui/stat";
import { Status } from "../../../ui/status";
import { Problems } from "./problems";

const spans = { "24h": "24 hours", "7d": "7 days", "30d": "30 days", "90d": "90 days" } as const;
const ranges = ["24h", "7d", "30d", "90d"] as const;
const rangeOptions = [
  { value: "24h", label: "24 h" },
  { value: "7d", label: "7 d" },
  { value: "30d", label: "30 d" },
  { value: "90d", label: "90 d" },
] as const;
const series = [
  { key: "sent", label: "Sent", colour: "accent" },
  { key: "failed", label: "Failed", colour: "bad" },
] as const;

const hour = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" });
const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });
const refreshMs = 30_000;

/** How it went in the time that the address names. */
function useOverview() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const [range, setRange] = useQueryState("range", parseAsStringLiteral(ranges).withDefault("7d"));
  const overview = useQuery({
    ...trpc.overview.get.queryOptions({ ...tenant.input, range }),
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
  });
  return { range, setRange, overview };
}

/** The answer in a word. */
export function Verdict() {
  const { data } = useOverview().overview;
  if (!data) return null;
  const things = data.problems.length + data.endpoints.length + (data.deadLetters > 0 ? 1 : 0);
  if (things === 0) return <Status tone="good">All is well</Status>;
  return <Status tone="warn">{things === 1 ? "1 thing needs a look" : `${things} things need a look`}</Status>;
}

/** Volume, success, latency, and what needs a look. */
export function Health() {
  const { range, setRange, overview } = useOverview();
  if (overview.isError) return <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />;
  const { data } = overview;

  return (
    <>
      <Section
        title="Deliveries"
        description={`The last ${spans[range]}, against the ${spans[range]} before.`}
        actions={
          <Segmented label="Range" options={rangeOptions} value={range} onValueChange={(next) => void setRange(next)} />
        }
      >
        {data ? (
          <StatRow>
            <Stat
              label="Accepted"
              value={formatCount(data.totals.accepted)}
              change={changeOf(data, "accepted")}
              note="deliveries"
            />
            <Stat
              label="Sent"
              value={formatCount(data.totals.sent)}
              change={changeOf(data, "sent")}
              note="taken by a provider"
            />
            <Stat
              label="Success"
              value={data.totals.successRate === null ? "—" : formatShare(data.totals.successRate)}
              note={`${formatCount(data.totals.failed)} failed`}
            />
            <Stat
              label="Time to provider"
              value={data.p95Ms === null ? "—" : formatDuration(data.p95Ms)}
              note="95 of 100 are faster"
            />
          </StatRow>
        ) : (
          <Skeleton className="h-24 w-full" />
        )}
        <Card>
          <CardBody>
            {data ? (
              <BarChart
                label="Deliveries by outcome"
                xLabel={data.unit === "hour" ? "Hour (UTC)" : "Day (UTC)"}
                series={series}
                rows={data.volumes.map(({ at, sent, failed }) => ({
                  x: (data.unit === "hour" ? hour : day).format(new Date(at)),
                  values: { sent, failed },
                }))}
              />
            ) : (
              <Skeleton className="h-56 w-full" />
            )}
          </CardBody>
        </Card>
        {data?.volumes.some(({ isEstimate }) => isEstimate) && (
          <p className="text-ink-muted text-xs">
            Busy hours are estimated from their first thousand deliveries; days are counted.
          </p>
        )}
      </Section>
      {data && <Problems overview={data} />}
    </>
  );
}

function changeOf(
  {
    totals,
    before,
  }: { totals: Record<"accepted" | "sent", number>; before: Record<"accepted" | "sent", number> | null },
  name: "accepted" | "sent",
) {
  if (!before || before[name] === 0) return undefined;
  const by = (totals[name] - before[name]) / before[name];
  return { by, text: formatShare(Math.abs(by)), better: "neither" as const };
}
