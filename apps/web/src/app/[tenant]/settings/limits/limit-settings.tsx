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
import type { ChannelLimit } from "./limit-answers";
import { RequestLimit } from "./request-limit";

/** Requests a second and deliveries a second by channel: what the plan has, and what the team set below it. */
export function LimitSettings() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const { data, isError, error, refetch } = useQuery(trpc.limits.get.queryOptions(tenant.input));
  const mayWrite = tenant.can("settings.write");
  if (isError && !data)
    return <ErrorState title="The limits could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={6} />;

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
                {
                  label: data.requests.ofPlan === null ? "Platform’s default" : `Plan ${data.planName}`,
                  value: `${formatCount(data.requests.ofPlan ?? data.requests.ofPlatform)} a second`,
                },
                {
                  label: "Your own limit",
                  value:
                    data.requests.own === null ? (
                      <span className="text-ink-muted">Not set</span>
                    ) : (
                      `${formatCount(data.requests.own)} a second`
                    ),
                },
              ]}
            />
            {mayWrite && <RequestLimit key={data.requests.own} limits={data} />}
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

function own({ own }: ChannelLimit) {
  if (!own) return <span className="text-ink-muted">Not set</span>;
  return `${formatCount(own.perSecond)} a second${own.burst === own.perSecond ? "" : `, ${formatCount(own.burst)} at once`}`;
}

const ofPlan = ({ ofPlan }: ChannelLimit) =>
  ofPlan === null ? <span className="text-ink-muted">Unlimited</span> : `${formatCount(ofPlan)} a second`;

const nameOf = ({ channel }: ChannelLimit) => channelNames[channel] ?? channel;

const columns: readonly DataColumn<ChannelLimit>[] = [
  { key: "channel", header: "Channel", cell: (limit) => <span className="font-medium">{nameOf(limit)}</span> },
  { key: "plan", header: "Plan", width: "w-40", cell: ofPlan },
  { key: "own", header: "Your own limit", width: "w-56", cell: own },
];

const columnsOfWriters: readonly DataColumn<ChannelLimit>[] = [
  ...columns,
  {
    key: "actions",
    header: <span className="sr-only">Actions</span>,
    width: "w-44",
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
          Plan: {ofPlan(limit)} · your own: {own(limit)}
        </p>
      </div>
      {mayWrite && <Actions limit={limit} />}
    </div>
  );
}
