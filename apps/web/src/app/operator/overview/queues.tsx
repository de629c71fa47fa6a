"use client";

import { useQuery } from "@tanstack/react-query";
import { priorities } from "@tidings/shared/priorities";
import { ListOrdered } from "lucide-react";
import { channelNames } from "../../../shell/channel-names";
import type { Answers } from "../../../trpc/answers";
import { useTRPC } from "../../../trpc/client";
import { type DataColumn, DataTable } from "../../../ui/data-table";
import { EmptyState } from "../../../ui/empty-state";
import { formatCount } from "../../../ui/format-number";
import { RelativeTime } from "../../../ui/time";
import { Part, refreshMs } from "./part";

type Queue = Answers["operator"]["queues"][number];

const nameOf = ({ name }: Queue) => channelNames[name] ?? "Reports to webhooks";
const roomOf = ({ inHand, capacity }: Queue) => ({
  busy: inHand.urgent + inHand.others,
  room: capacity.urgent + capacity.others,
});

/** What waits before the workers of each channel. */
export function Queues() {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.operator.queues.queryOptions(), refetchInterval: refreshMs });
  return (
    <Part
      title="Queues"
      meaning="Deliveries that wait for their fair turn, by class; those that wait for another attempt; and what workers have in hand of all they have room for."
      remedy={
        <>
          Something waits and workers have nothing in hand: no worker serves the channel (room is 0), or the tenant is
          at its limit. In hand is as much as there is room: start more workers, or raise CONCURRENCY. One tenant’s
          flood alone is nothing bad: the others pass it by. Many wait for another attempt: look at the providers.
        </>
      }
      query={query}
    >
      {(queues) => (
        <DataTable
          label="Queues"
          columns={columns}
          rows={queues}
          rowId={({ name }) => name}
          renderCard={(queue) => <QueueCard queue={queue} />}
          empty={<EmptyState icon={<ListOrdered />} title="There are no queues" />}
        />
      )}
    </Part>
  );
}

const count = (value: number) =>
  value === 0 ? <span className="text-ink-muted">0</span> : <span className="font-medium">{formatCount(value)}</span>;

function Oldest({ at }: { at: string | null }) {
  return at ? <RelativeTime at={at} /> : <span className="text-ink-muted">None</span>;
}

const columns: readonly DataColumn<Queue>[] = [
  { key: "name", header: "Channel", cell: (queue) => <span className="font-medium">{nameOf(queue)}</span> },
  ...priorities.map(
    (priority): DataColumn<Queue> => ({
      ...{ key: priority, width: "w-24", align: "end" },
      header: <span className="capitalize">{priority}</span>,
      cell: ({ waiting }) => count(waiting[priority]),
    }),
  ),
  { key: "later", header: "To try again", width: "w-28", align: "end", cell: ({ later }) => count(later) },
  { key: "oldest", header: "Oldest accepted", width: "w-36", cell: ({ oldestAt }) => <Oldest at={oldestAt} /> },
  { key: "hand", header: "In hand / room", width: "w-32", align: "end", cell: (queue) => <Room queue={queue} /> },
];

function Room({ queue }: { queue: Queue }) {
  const { busy, room } = roomOf(queue);
  return (
    <span className={room === 0 ? "text-warn" : undefined}>
      {formatCount(busy)} / {room === 0 ? "no worker" : formatCount(room)}
    </span>
  );
}

function QueueCard({ queue }: { queue: Queue }) {
  return (
    <div className="space-y-1 text-sm">
      <div className="flex items-baseline justify-between gap-3">
        <span className="font-medium">{nameOf(queue)}</span>
        <Room queue={queue} />
      </div>
      <p className="text-ink-muted text-xs">
        {priorities.map((priority) => `${priority} ${formatCount(queue.waiting[priority])}`).join(" · ")} · to try again{" "}
        {formatCount(queue.later)}
      </p>
      <p className="text-ink-muted text-xs">
        Oldest accepted: <Oldest at={queue.oldestAt} />
      </p>
    </div>
  );
}
