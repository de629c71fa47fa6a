"use client";

import { useQuery } from "@tanstack/react-query";
import type { Answers } from "../../../trpc/answers";
import { useTRPC } from "../../../trpc/client";
import { Card, CardBody } from "../../../ui/card";
import { formatCount } from "../../../ui/format-number";
import { KeyValue } from "../../../ui/key-value";
import { Stat, StatRow } from "../../../ui/stat";
import { TextLink } from "../../../ui/text-link";
import { RelativeTime } from "../../../ui/time";
import { Part, refreshMs } from "./part";

type Mended = Answers["operator"]["sweep"]["mended"][number];

const most = 1_000;
const atMost = (value: number) => (value >= most ? `${formatCount(most)} or more` : formatCount(value));

const processWords: Record<string, string> = { consumer: "Consumer", worker: "Worker", urgentWorker: "Urgent worker" };
const reasonWords: Record<string, string> = {
  publication_lost: "published again, as the event log had lost them",
  queue_entry_lost: "queued again, as the queue had lost them",
  report_lost: "reports queued again",
  group_lost: "put back, as their worker had not finished them",
  lease_ran_out: "taken over from workers that did not tell what came of them",
  queues_emptied: "× the queues found empty, and filled again",
};

/** What the platform mends by itself, and what it could not. */
export function Sweep() {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.operator.sweep.queryOptions(), refetchInterval: refreshMs });
  return (
    <Part
      title="What mends itself"
      meaning="The sweep brings forward what a crash or an outage left behind. Overdue is what it should have looked at by now; a dead letter is what it can do nothing about."
      remedy={
        <>
          Overdue for minutes: no consumer is sweeping; look whether one is up and whether Postgres has a transaction
          that is open for long. Much was mended: look into the logs of that time for the outage behind it. Dead
          letters: read the reason, mend it, and <TextLink href="/operator/dead-letters">replay them</TextLink>.
        </>
      }
      query={query}
    >
      {({ overdue, overdueSince, deadLetters, mended }) => (
        <>
          <StatRow>
            <Stat
              label="Overdue"
              value={atMost(overdue)}
              note={
                overdueSince ? (
                  <>
                    The first since <RelativeTime at={overdueSince} />
                  </>
                ) : (
                  "The sweep keeps up"
                )
              }
            />
            <Stat
              label="Dead letters that wait"
              value={atMost(deadLetters)}
              note={
                deadLetters > 0 ? <TextLink href="/operator/dead-letters?state=waiting">Look at them</TextLink> : "None"
              }
            />
          </StatRow>
          <Card>
            <CardBody className="py-1">
              <KeyValue
                items={mended.map((one) => ({
                  label: processWords[one.process] ?? one.process,
                  value: <MendedBy {...one} />,
                }))}
              />
            </CardBody>
          </Card>
        </>
      )}
    </Part>
  );
}

function MendedBy({ since, swept, failedOver }: Mended) {
  if (since === null) return <span className="text-ink-muted">Does not answer</span>;
  const deeds = [
    ...Object.entries(swept).map(([reason, count]) => `${formatCount(count)} ${reasonWords[reason] ?? reason}`),
    ...(failedOver > 0 ? [`${formatCount(failedOver)} attempts taken over by another account`] : []),
  ];
  return (
    <>
      {deeds.length > 0 ? deeds.join(", ") : "Nothing to mend"}{" "}
      <span className="text-ink-muted text-xs">
        since it began, <RelativeTime at={since} />
      </span>
    </>
  );
}
