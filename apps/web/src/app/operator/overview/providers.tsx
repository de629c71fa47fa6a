"use client";

import { useQuery } from "@tanstack/react-query";
import { Plug } from "lucide-react";
import type { Answers } from "../../../trpc/answers";
import { useTRPC } from "../../../trpc/client";
import { Badge } from "../../../ui/badge";
import { type DataColumn, DataTable } from "../../../ui/data-table";
import { EmptyState } from "../../../ui/empty-state";
import { formatDuration, formatShare } from "../../../ui/format-number";
import { Status } from "../../../ui/status";
import { TextLink } from "../../../ui/text-link";
import { Part, refreshMs } from "./part";

type Account = Answers["operator"]["providers"]["accounts"][number];

const circuits = {
  closed: { tone: "good", word: "Sending" },
  "half-open": { tone: "warn", word: "Being tried" },
  open: { tone: "bad", word: "Held back" },
} as const;

/** How provider accounts fare, with all workers. */
export function Providers() {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.operator.providers.queryOptions(), refetchInterval: refreshMs });
  return (
    <Part
      title="Providers"
      meaning="Every account that was sent through within ten minutes, the worst first. One that fails too often is held back for some seconds, then tried with one message."
      remedy={
        <>
          Held back for long: read the provider’s words at one of the messages, and its status page. The platform’s
          account: check PROVIDER_ACCOUNTS, or add another of the channel to fail over to. A tenant’s own: tell its
          team; nobody else is touched by it.
        </>
      }
      query={query}
    >
      {({ accounts, isComplete }) => (
        <>
          <DataTable
            label="Provider accounts"
            columns={columns}
            rows={accounts}
            rowId={({ id }) => id}
            renderCard={(account) => <AccountCard account={account} />}
            empty={
              <EmptyState icon={<Plug />} title="Nothing was sent for ten minutes">
                Accounts stand here while they are in use, with their errors and how long they take.
              </EmptyState>
            }
          />
          {!isComplete && (
            <p className="text-ink-muted text-xs">Of the tenants’ accounts the thousand that changed last.</p>
          )}
        </>
      )}
    </Part>
  );
}

function CircuitState({ circuit }: Account) {
  const { tone, word } = circuits[circuit];
  return <Status tone={tone}>{word}</Status>;
}

function Whose({ tenant }: Account) {
  return tenant ? (
    <TextLink href={`/operator/tenants/${tenant.slug}`}>
      <bdi>{tenant.name}</bdi>
    </TextLink>
  ) : (
    <Badge>Platform</Badge>
  );
}

const columns: readonly DataColumn<Account>[] = [
  { key: "name", header: "Account", cell: ({ name }) => <span className="font-medium">{name}</span> },
  { key: "provider", header: "Provider", width: "w-32", cell: ({ provider }) => provider },
  { key: "tenant", header: "Tenant", width: "w-48", cell: (account) => <Whose {...account} /> },
  { key: "state", header: "State", width: "w-32", cell: (account) => <CircuitState {...account} /> },
  { key: "errors", header: "Errors", width: "w-24", align: "end", cell: ({ errorRate }) => formatShare(errorRate) },
  {
    ...{ key: "latency", header: "Latency", width: "w-24", align: "end" },
    cell: ({ latencyMs }) => (latencyMs === null ? "—" : formatDuration(latencyMs)),
  },
];

function AccountCard({ account }: { account: Account }) {
  return (
    <div className="space-y-1 text-sm">
      <div className="flex items-baseline justify-between gap-3">
        <span className="wrap-anywhere min-w-0 font-medium">{account.name}</span>
        <CircuitState {...account} />
      </div>
      <p className="flex flex-wrap items-center gap-x-2 text-ink-muted text-xs">
        <Whose {...account} /> {account.provider} · {formatShare(account.errorRate)} errors
        {account.latencyMs !== null && ` · ${formatDuration(account.latencyMs)}`}
      </p>
    </div>
  );
}
