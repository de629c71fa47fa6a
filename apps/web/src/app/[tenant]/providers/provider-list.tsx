"use client";

import { useQuery } from "@tanstack/react-query";
import { Plug } from "lucide-react";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Callout } from "../../../ui/callout";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorState } from "../../../ui/error-state";
import { PageHeader } from "../../../ui/page-header";
import { SkeletonRows } from "../../../ui/skeleton";
import { AddProvider } from "./add-provider";
import { ChannelAccounts } from "./channel-accounts";

const everyMs = 15_000;

/** The accounts that messages go out by, channel by channel, in the order in which they are tried. */
export function ProviderList() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const list = useQuery({ ...trpc.providers.list.queryOptions(tenant.input), refetchInterval: everyMs });
  const { accounts = [], platform = [] } = list.data ?? {};
  const mayWrite = tenant.can("providers.write");
  const served = (channel: string) => [...accounts, ...platform].some(({ channels }) => channels.includes(channel));
  const missing = Object.keys(channelNames).filter((channel) => !served(channel));

  return (
    <>
      <PageHeader
        title="Providers"
        description="The accounts your messages are sent through, in the order in which they are tried: when one fails, the next takes over."
        actions={mayWrite && accounts.length > 0 && <AddProvider accounts={accounts} />}
      />
      {list.isError && !list.data ? (
        <ErrorState title="The providers could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <SkeletonRows rows={6} />
      ) : (
        <div className="space-y-8">
          {tenant.mode === "test" && (
            <Callout title="These accounts send live messages only">
              In test mode every message ends in the sandbox, so nothing here is used.
            </Callout>
          )}
          {accounts.length === 0 && (
            <div className="rounded-lg border border-line bg-surface">
              <EmptyState
                icon={<Plug />}
                title="No provider of your own yet"
                action={mayWrite && <AddProvider accounts={accounts} />}
              >
                {platform.some(({ isBuiltIn }) => !isBuiltIn)
                  ? "The platform's accounts send for you meanwhile. With your own, messages carry your sender and your reputation."
                  : "Connect one to reach people: your mail server, Amazon SES, Twilio, Firebase and others."}
              </EmptyState>
            </div>
          )}
          {Object.keys(channelNames)
            .filter(served)
            .map((channel) => (
              <ChannelAccounts
                key={channel}
                channel={channel}
                accounts={accounts.filter(({ channels }) => channels.includes(channel))}
                platform={platform.filter(({ channels }) => channels.includes(channel))}
              />
            ))}
          {missing.length > 0 && (
            <p className="text-ink-muted text-sm">
              Not connected yet: {missing.map((channel) => channelNames[channel]).join(", ")}. Live messages on{" "}
              {missing.length === 1 ? "it fail" : "these channels fail"} until a provider is added.
            </p>
          )}
        </div>
      )}
    </>
  );
}
