"use client";

import { useQuery } from "@tanstack/react-query";
import { History, Trash2 } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import type { Answers } from "../../../trpc/answers";
import { useTRPC } from "../../../trpc/client";
import { Badge } from "../../../ui/badge";
import { Button } from "../../../ui/button";
import { Callout } from "../../../ui/callout";
import { CodeBlock } from "../../../ui/code-block";
import { type DataColumn, DataTable } from "../../../ui/data-table";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorState } from "../../../ui/error-state";
import { formatCount, formatDuration, formatShare } from "../../../ui/format-number";
import { IdChip } from "../../../ui/id-chip";
import { PageHeader } from "../../../ui/page-header";
import { Section } from "../../../ui/section";
import { SkeletonRows } from "../../../ui/skeleton";
import { Stat, StatRow } from "../../../ui/stat";
import { Status, type StatusValue } from "../../../ui/status";
import { Tabs } from "../../../ui/tabs";
import { TextLink } from "../../../ui/text-link";
import { RelativeTime } from "../../../ui/time";
import { AccountStatus, LastError } from "./account-fitness";
import { AccountSettings } from "./account-settings";
import { DeleteAccount } from "./delete-account";
import { receiptSteps } from "./provider-words";
import { TestAccount } from "./test-account";

type AccountDetails = Answers["providers"]["get"];
type Attempt = AccountDetails["attempts"][number];

/** One provider account. */
export function AccountPage({ id }: { id: string }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const account = useQuery(trpc.providers.get.queryOptions({ ...tenant.input, id }));
  const back = <TextLink href={tenant.href("providers")}>Providers</TextLink>;
  if (account.isError && !account.data)
    return (
      <>
        <PageHeader title="Provider account" back={back} />
        <ErrorState
          title="This account could not be loaded"
          error={account.error}
          onRetry={() => void account.refetch()}
        />
      </>
    );
  if (!account.data)
    return (
      <>
        <PageHeader title="Provider account" back={back} />
        <SkeletonRows rows={8} />
      </>
    );

  const { name, provider, providerName, isKnown, channels, state, circuit } = account.data;
  const mayWrite = tenant.can("providers.write");
  return (
    <>
      <PageHeader
        title={name}
        back={back}
        description={providerName === name ? undefined : providerName}
        aside={
          <>
            {isKnown ? <AccountStatus state={state} circuit={circuit} /> : <Badge tone="warn">Unknown provider</Badge>}
            {channels.map((channel) => (
              <Badge key={channel}>{channelNames[channel] ?? channel}</Badge>
            ))}
            <IdChip id={id} />
          </>
        }
        actions={
          mayWrite && (
            <>
              <DeleteAccount
                id={id}
                name={name}
                trigger={
                  <Button>
                    <Trash2 aria-hidden />
                    Delete
                  </Button>
                }
              />
              {isKnown && <TestAccount id={id} name={name} channels={channels} />}
            </>
          )
        }
      />
      {isKnown ? (
        <Parts account={account.data} />
      ) : (
        <Callout tone="warn" title={`This release does not know the provider “${provider}”`}>
          The account was made by another release. Its settings cannot be shown or changed, and messages pass it by
          while another account can send. Delete it, or upgrade.
        </Callout>
      )}
    </>
  );
}

function Parts({ account }: { account: AccountDetails }) {
  const tenant = useTenant();
  const [tab, setTab] = useQueryState("tab", parseAsString.withDefault("attempts"));
  const { channels, receiptUrl, attempts } = account;
  return (
    <div className="space-y-6">
      <AccountFigures account={account} />
      <Tabs
        label="Parts of the account"
        value={tab}
        onValueChange={(value) => void setTab(value)}
        tabs={[
          {
            value: "attempts",
            label: "Attempts",
            panel: (
              <div className="space-y-3">
                <p className="text-ink-muted text-sm">The newest 50 of the last day, in live mode.</p>
                <DataTable
                  label="Attempts of the last day"
                  columns={columns}
                  rows={attempts}
                  rowId={(row) => `${row.deliveryId}-${row.number}`}
                  rowLabel={(row) => `Message to ${row.address}`}
                  href={(row) => tenant.href(`messages/${row.notificationId}`)}
                  renderCard={(row) => <AttemptCard row={row} />}
                  empty={
                    <EmptyState icon={<History />} title="Nothing was sent through it today">
                      Live messages on {channels.map((channel) => channelNames[channel] ?? channel).join(" and ")} show
                      up here. To try it at once, send a test.
                    </EmptyState>
                  }
                />
              </div>
            ),
          },
          {
            value: "settings",
            label: "Settings",
            panel: <AccountSettings account={account} mayWrite={tenant.can("providers.write")} />,
          },
          ...(receiptUrl
            ? [{ value: "receipts", label: "Receipts", panel: <Receipts {...account} receiptUrl={receiptUrl} /> }]
            : []),
        ]}
      />
    </div>
  );
}

function AccountFigures({ account: { state, today } }: { account: AccountDetails }) {
  return (
    <div className="space-y-2">
      <StatRow>
        <Stat
          label="Attempts, last day"
          value={formatCount(today?.attempts ?? 0)}
          note={today && "Of your newest 2,000 deliveries"}
        />
        <Stat
          label="Failed"
          value={today ? formatShare(today.failed / today.attempts) : undefined}
          note={today && `${formatCount(today.failed)} of ${formatCount(today.attempts)}`}
        />
        <Stat label="Median duration" value={today ? formatDuration(today.medianMs) : undefined} />
        <Stat label="Last used" value={today ? <RelativeTime at={today.lastAt} /> : undefined} />
      </StatRow>
      <LastError state={state} today={today} />
    </div>
  );
}

/** Where the provider must tell what became of messages, and how to have it do so. */
function Receipts({ provider, receiptUrl }: { provider: string; receiptUrl: string }) {
  return (
    <Section
      title="Have the provider report back"
      description={
        receiptSteps[provider] ?? "Paste this address at the provider, so that it tells what became of each message."
      }
    >
      {receiptUrl.startsWith("/") ? (
        <Callout tone="warn" title="This installation has no public address yet">
          Whoever runs it sets PUBLIC_URL; then receipts are taken at {receiptUrl} below it.
        </Callout>
      ) : (
        <CodeBlock label="Receipts address" code={receiptUrl} wrap />
      )}
    </Section>
  );
}

const outcome = (row: Attempt) => <Status value={(row.outcome === "sent" ? "SENT" : row.outcome) as StatusValue} />;

const columns: readonly DataColumn<Attempt>[] = [
  { key: "outcome", header: "Outcome", width: "w-32", cell: outcome },
  {
    ...{ key: "to", header: "To", width: "w-72" },
    cell: (row) => (
      <span title={row.address} className="font-mono text-xs">
        {row.address}
      </span>
    ),
  },
  {
    key: "reason",
    header: "The provider said",
    cell: (row) => (
      <span title={row.reason ?? undefined} className="text-ink-muted">
        {row.reason ?? "—"}
      </span>
    ),
  },
  { key: "try", header: "Try", width: "w-16", align: "end", cell: (row) => row.number },
  {
    key: "duration",
    header: "Duration",
    width: "w-24",
    align: "end",
    cell: (row) => formatDuration(row.durationMs),
  },
  {
    key: "at",
    header: "When",
    width: "w-28",
    align: "end",
    cell: (row) => <RelativeTime at={row.startedAt} className="text-ink-muted" />,
  },
];

function AttemptCard({ row }: { row: Attempt }) {
  return (
    <div className="space-y-1">
      <div className="flex items-center justify-between gap-3">
        {outcome(row)}
        <RelativeTime at={row.startedAt} className="text-ink-muted text-xs" />
      </div>
      <p className="wrap-anywhere font-mono text-xs">{row.address}</p>
      {row.reason && <p className="wrap-anywhere text-ink-muted text-xs">{row.reason}</p>}
    </div>
  );
}
