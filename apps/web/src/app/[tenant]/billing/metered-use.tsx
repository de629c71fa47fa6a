"use client";

import { useQuery } from "@tanstack/react-query";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { type DataColumn, DataTable } from "../../../ui/data-table";
import { ErrorState } from "../../../ui/error-state";
import { formatCount, formatMoney } from "../../../ui/format-number";
import { Section } from "../../../ui/section";
import { longDay } from "../long-day";
import { formatUnitPrice } from "./unit-price";

interface MeteredRow {
  channel: string;
  units: number;
  included: number;
  price: string;
  amount: string;
}

/** What is charged by the unit so far, with its price. Nothing where the plan has no such price. */
export function MeteredUse() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const metered = useQuery(trpc.billing.metered.queryOptions(tenant.input));
  if (metered.isError) {
    return (
      <ErrorState
        title="What is charged by the unit could not be loaded"
        error={metered.error}
        onRetry={() => void metered.refetch()}
      />
    );
  }
  const { data } = metered;
  if (!data) return null;
  const total = data.channels.reduce((sum, { amount }) => sum + amount, 0);
  const rows = data.channels.map(
    ({ channel, units, included, unitAmount, amount }): MeteredRow => ({
      ...{ channel, units, included },
      price: formatUnitPrice(unitAmount, data.currency),
      amount: formatMoney(amount, data.currency),
    }),
  );
  return (
    <Section
      title="Charged by the unit so far"
      description={`Sent in live mode since ${longDay(data.since)}, and what goes beyond the plan. It comes to ${formatMoney(total, data.currency)}, before tax, and is on the next invoice.`}
    >
      <DataTable
        label="Charged by the unit"
        columns={columns}
        rows={rows}
        rowId={({ channel }) => channel}
        renderCard={(row) => (
          <div className="flex items-start justify-between gap-3">
            <div>
              <p className="font-medium">{channelNames[row.channel] ?? row.channel}</p>
              <p className="text-ink-muted text-sm">
                {formatCount(row.units)} of {formatCount(row.included)}, then {row.price} each
              </p>
            </div>
            <span>{row.amount}</span>
          </div>
        )}
        empty={null}
      />
    </Section>
  );
}

const columns: readonly DataColumn<MeteredRow>[] = [
  { key: "channel", header: "Channel", cell: ({ channel }) => channelNames[channel] ?? channel },
  { key: "units", header: "Units", width: "w-32", align: "end", cell: ({ units }) => formatCount(units) },
  { key: "included", header: "Included", width: "w-32", align: "end", cell: ({ included }) => formatCount(included) },
  { key: "price", header: "Each beyond", width: "w-32", align: "end", cell: ({ price }) => price },
  { key: "amount", header: "Amount", width: "w-32", align: "end", cell: ({ amount }) => amount },
];
