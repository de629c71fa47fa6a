"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../../trpc/client";
import { BarChart } from "../../../ui/bar-chart";
import { Card, CardBody } from "../../../ui/card";
import { formatCount, formatShare } from "../../../ui/format-number";
import { Stat, StatRow } from "../../../ui/stat";
import { Part } from "./part";

const series = [
  { key: "sent", label: "Sent", colour: "accent" },
  { key: "failed", label: "Failed", colour: "bad" },
] as const;
const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" });

/** What came in and went out over the last hour. */
export function Throughput() {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.operator.throughput.queryOptions(), refetchInterval: 10_000 });
  return (
    <Part
      title="Throughput"
      meaning="The last hour, live and test, by the minute in which a notification was accepted. What was accepted a moment ago is still on its way."
      remedy={
        <>
          Nothing accepted: look whether the API is up below, and whether callers are refused (401, 429) in its log.
          Accepted but not sent: look at the event log’s lag, then at the queues. Many failed: look at the providers
          below, then at a tenant’s messages with the reason.
        </>
      }
      query={query}
    >
      {(minutes) => {
        const sum = (name: "accepted" | "sent" | "failed") => minutes.reduce((total, one) => total + one[name], 0);
        const [accepted, sent, failed] = [sum("accepted"), sum("sent"), sum("failed")];
        const last = minutes.at(-2);
        return (
          <>
            <StatRow>
              <Stat label="Accepted, last minute" value={formatCount(last?.accepted ?? 0)} note="Notifications" />
              <Stat label="Accepted, last hour" value={formatCount(accepted)} note="Notifications" />
              <Stat label="Sent, last hour" value={formatCount(sent)} note="Deliveries" />
              <Stat
                label="Failed, last hour"
                value={formatCount(failed)}
                note={
                  sent + failed === 0
                    ? "Nothing is done with yet"
                    : `${formatShare(failed / (sent + failed))} of those done with`
                }
              />
            </StatRow>
            <Card>
              <CardBody>
                {sent + failed === 0 ? (
                  <p className="py-8 text-center text-ink-muted text-sm">Nothing was sent in the last hour.</p>
                ) : (
                  <BarChart
                    label="Deliveries by the minute their notification was accepted"
                    xLabel="Minute (UTC)"
                    series={series}
                    rows={minutes.map(({ at, sent, failed }) => ({
                      x: clock.format(new Date(at)),
                      values: { sent, failed },
                    }))}
                  />
                )}
              </CardBody>
            </Card>
            {minutes.some(({ isEstimate }) => isEstimate) && (
              <p className="text-ink-muted text-xs">Busy minutes are estimated from their first few hundred rows.</p>
            )}
          </>
        );
      }}
    </Part>
  );
}
