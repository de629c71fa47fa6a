"use client";

import { useQuery } from "@tanstack/react-query";
import { Gauge } from "lucide-react";
import { channelNames } from "../../../../shell/channel-names";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { Card, CardBody } from "../../../../ui/card";
import { type DataColumn, DataTable } from "../../../../ui/data-table";
import { EmptyState } from "../../../../ui/empty-state";
import { ErrorState } from "../../../../ui/error-state";
import { formatCount } from "../../../../ui/format-number";
import { KeyValue } from "../../../../ui/key-value";
import { Section } from "../../../../ui/section";
import { SkeletonRows } from "../../../../ui/skeleton";
import { TextLink } from "../../../../ui/text-link";
import { EditChannelLimit, RemoveChannelLimit } from "./channel-limit";
import { type ChannelLimit, giverOf } from "./limit-answers";
import { RequestLimit } from "./request-limit";

/** Requests a second and deliveries a second by channel: what was given, what the team set below it, and what holds. */
export function LimitSettings() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const { data, isError, error, refetch } = useQuery(trpc.limits.get.queryOptions(tenant.input));
  const mayWrite = tenant.can("settings.write");
  if (isError && !data)
    return <ErrorState title="The limits could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={6} />;
  const { requests, planName } = data;

  return (
    <div className="max-w-3xl space-y-8">
      <Section
        title="API requests"
        description="Requests a second, over all API keys together. Faster ones are answered with 429 and the time to wait."
      >
        <Card>
          <CardBody className="space-y-4 pt-2">
            <KeyValue
              items={[
                { label: "At most", value: `${perSecond(requests.most)}, ${giverOf(requests.most.setBy, planName)}` },
                {
                  label: "Your own limit",
                  value:
                    requests.own === null ? (
                      <span className="text-ink-muted">Not set</span>
                    ) : (
                      perSecond({ perSecond: requests.own })
                    ),
                },
                { label: "In force", value: perSecond(requests.inForce) },
              ]}
            />
            {mayWrite && <RequestLimit key={requests.own} limits={data} />}
          </CardBody>
        </Card>
      </Section>
      <Section
        title="Sending"
        description="Deliveries a second by channel. What comes faster waits its turn and is never lost: for providers, or a support desk, that take only so much."
      >
        <DataTable
          label="Limits of channels"
          columns={mayWrite ? columnsOfWriters : columns}
          rows={data.channels}
          rowId={({ channel }) => channel}
          renderCard={(limit) => <ChannelCard limit={limit} mayWrite={mayWrite} />}
          empty={<EmptyState icon={<Gauge />} title="No channels" />}
        />
        <p className="text-ink-muted text-sm">
          Monthly quotas are under <TextLink href={tenant.href("usage")}>Usage</TextLink>.
        </p>
      </Section>
    </div>
  );
}

const perSecond = (limit: { perSecond: number }) => `${formatCount(limit.perSecond)} a second`;

function rate(limit: { perSecond: number; burst: number }) {
  return `${perSecond(limit)}${limit.burst === limit.perSecond ? "" : `, ${formatCount(limit.burst)} at once`}`;
}

function own({ own }: ChannelLimit) {
  return own ? rate(own) : <span className="text-ink-muted">Not set</span>;
}

function most({ most }: ChannelLimit) {
  if (!most) return <span className="text-ink-muted">Unlimited</span>;
  return `${rate(most)}, ${most.setBy === "plan" ? "the plan’s" : "set by the operator"}`;
}

function inForce({ inForce }: ChannelLimit) {
  return inForce ? rate(inForce) : <span className="text-ink-muted">Unlimited</span>;
}

const nameOf = ({ channel }: ChannelLimit) => channelNames[channel] ?? channel;

const columns: readonly DataColumn<ChannelLimit>[] = [
  {
    key: "channel",
    header: "Channel",
    width: "w-28",
    cell: (limit) => <span className="font-medium">{nameOf(limit)}</span>,
  },
  { key: "most", header: "At most", cell: most },
  { key: "own", header: "Your own limit", width: "w-36", cell: own },
  { key: "inForce", header: "In force", width: "w-36", cell: inForce },
];

const columnsOfWriters: readonly DataColumn<ChannelLimit>[] = [
  ...columns,
  {
    key: "actions",
    header: <span className="sr-only">Actions</span>,
    width: "w-36",
    align: "end",
    cell: (limit) => <Actions limit={limit} />,
  },
];

function Actions({ limit }: { limit: ChannelLimit }) {
  return (
    <span className="relative z-10 flex justify-end gap-1">
      {limit.own && <RemoveChannelLimit limit={limit} name={nameOf(limit)} />}
      <EditChannelLimit limit={limit} name={nameOf(limit)} />
    </span>
  );
}

function ChannelCard({ limit, mayWrite }: { limit: ChannelLimit; mayWrite: boolean }) {
  return (
    <div className="flex items-center justify-between gap-3">
      <div className="min-w-0">
        <p className="font-medium">{nameOf(limit)}</p>
        <p className="text-ink-muted text-xs">
          At most: {most(limit)} · your own: {own(limit)} · in force: {inForce(limit)}
        </p>
      </div>
      {mayWrite && <Actions limit={limit} />}
    </div>
  );
}
