"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { parseAsString, useQueryState } from "nuqs";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { ErrorState } from "../../../ui/error-state";
import { ProviderIcon } from "../../../ui/provider-icon";
import { Sheet } from "../../../ui/sheet";
import { SkeletonFields, SkeletonRows } from "../../../ui/skeleton";
import type { Account, ProviderType } from "./provider-words";

const AccountForm = dynamic(() => import("./account-form").then((module) => module.AccountForm), {
  ssr: false,
  loading: () => <SkeletonFields fields={6} />,
});

/** The button that adds an account. `?add` opens it, `?add=twilio` at that provider. */
export function AddProvider({ accounts }: { accounts: readonly Account[] }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const router = useRouter();
  const [add, setAdd] = useQueryState("add", parseAsString);
  const types = useQuery({ ...trpc.providers.types.queryOptions(tenant.input), enabled: add !== null });
  const chosen = types.data?.find(({ id }) => id === add);

  return (
    <>
      <Button variant="primary" onClick={() => void setAdd("")}>
        <Plus aria-hidden />
        Add provider
      </Button>
      <Sheet
        title={chosen ? `Add ${chosen.name}` : "Add a provider"}
        description={chosen ? "Its credentials are stored encrypted." : "With an account of your own there."}
        size="lg"
        open={add !== null}
        onOpenChange={(open) => !open && void setAdd(null)}
        actions={
          chosen && (
            <Button size="sm" variant="ghost" onClick={() => void setAdd("")}>
              <ArrowLeft aria-hidden />
              Others
            </Button>
          )
        }
      >
        {types.isError ? (
          <ErrorState
            title="The providers could not be loaded"
            error={types.error}
            onRetry={() => void types.refetch()}
          />
        ) : !types.data ? (
          <SkeletonRows rows={8} />
        ) : chosen ? (
          <AccountForm
            key={chosen.id}
            type={chosen}
            account={null}
            order={orderOfNew(chosen, accounts)}
            onSaved={(id) => router.push(tenant.href(`providers/${id}`))}
            actions={<Button onClick={() => void setAdd(null)}>Cancel</Button>}
          />
        ) : (
          <ProviderChoice types={types.data} onChoose={(id) => void setAdd(id)} />
        )}
      </Sheet>
    </>
  );
}

/** A new account is tried last. */
function orderOfNew({ channels }: ProviderType, accounts: readonly Account[]): number {
  const others = accounts.filter((account) => account.channels.some((channel) => channels.includes(channel)));
  return Math.min(1_000, Math.max(-1, ...others.map(({ order }) => order)) + 1);
}

function ProviderChoice({ types, onChoose }: { types: readonly ProviderType[]; onChoose: (id: string) => void }) {
  const channels = Object.keys(channelNames).filter((id) => types.some((type) => type.channels.includes(id)));
  return (
    <div className="space-y-6">
      {channels.map((channel) => (
        <section key={channel} aria-labelledby={`add-${channel}`}>
          <h3 id={`add-${channel}`} className="mb-2 font-medium text-ink-muted text-sm">
            {channelNames[channel]}
          </h3>
          <ul className="grid gap-2 sm:grid-cols-2">
            {types
              .filter((type) => type.channels.includes(channel))
              .map((type) => (
                <li key={type.id}>
                  <button
                    type="button"
                    onClick={() => onChoose(type.id)}
                    className="flex w-full cursor-pointer items-center gap-3 rounded-lg border border-line-strong bg-surface px-3 py-2.5 text-left hover:bg-sunken"
                  >
                    <ProviderIcon name={type.name} />
                    <span className="min-w-0 flex-1 truncate font-medium text-sm">{type.name}</span>
                  </button>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
