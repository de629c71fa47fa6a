"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Ellipsis, GripVertical, Merge, Split } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Badge } from "../../../ui/badge";
import { cn } from "../../../ui/cn";
import { failureOf } from "../../../ui/failure";
import { formatDuration, formatShare } from "../../../ui/format-number";
import { IconButton } from "../../../ui/icon-button";
import { Menu, MenuItem } from "../../../ui/menu";
import { ProviderIcon } from "../../../ui/provider-icon";
import { Section } from "../../../ui/section";
import { Switch } from "../../../ui/switch";
import { toast } from "../../../ui/toast";
import { AccountStatus, LastError } from "./account-fitness";
import type { Account, PlatformAccount } from "./provider-words";
import { droppedOn, joinedUp, movedBy, type Tiers, tiersOf } from "./tiers";

/** The accounts of one channel in the order in which they are tried; moved by dragging, or by the buttons of each. */
export function ChannelAccounts(props: {
  channel: string;
  accounts: readonly Account[];
  platform: readonly PlatformAccount[];
}) {
  const { channel, accounts, platform } = props;
  const tenant = useTenant();
  const mayWrite = tenant.can("providers.write");
  const { reorder, enable, said } = useChanges();
  const [dragged, setDragged] = useState<string | null>(null);
  const tiers = tiersOf(accounts);
  const isOwn = accounts.some(({ enabled }) => enabled);
  const name = channelNames[channel] ?? channel;

  function move(next: Tiers<Account>, what: string) {
    if (next !== tiers) reorder(next, what);
  }

  return (
    <Section title={name}>
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      <ol
        aria-label={`Accounts for ${name}, in the order in which they are tried`}
        className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface"
      >
        {tiers.flatMap((tier, rank) =>
          tier.map((account) => (
            <li
              key={account.id}
              draggable={mayWrite && accounts.length > 1}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = "move";
                setDragged(account.id);
              }}
              onDragEnd={() => setDragged(null)}
              onDragOver={(event) => dragged && event.preventDefault()}
              onDrop={(event) => {
                event.preventDefault();
                if (dragged) move(droppedOn(tiers, dragged, account.id), `${account.name} has another place.`);
                setDragged(null);
              }}
              className={cn("flex items-start gap-3 px-3 py-3 sm:items-center", dragged === account.id && "opacity-50")}
            >
              {mayWrite && accounts.length > 1 && (
                <GripVertical aria-hidden className="hidden size-4 shrink-0 cursor-grab text-ink-muted sm:block" />
              )}
              <span className="mt-1 w-5 shrink-0 text-center font-mono text-ink-muted text-xs tabular-nums sm:mt-0">
                <span className="sr-only">Tried as number </span>
                {rank + 1}
              </span>
              <ProviderIcon name={account.providerName} className="hidden sm:inline-flex" />
              <div className="min-w-0 flex-1 space-y-0.5">
                <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                  <Link
                    href={tenant.href(`providers/${account.id}`)}
                    className="wrap-anywhere rounded-sm font-medium hover:underline"
                  >
                    {account.name}
                  </Link>
                  <AccountStatus {...account} />
                  {tier.length > 1 && <Badge>shares, weight {account.weight}</Badge>}
                </div>
                <p className="text-ink-muted text-sm">
                  {account.providerName}
                  {account.today && (
                    <>
                      {" "}
                      · {formatShare(account.today.failed / account.today.attempts)} errors ·{" "}
                      {formatDuration(account.today.medianMs)} today
                    </>
                  )}
                </p>
                <LastError today={account.today} />
              </div>
              {mayWrite && (
                <div className="flex shrink-0 items-center gap-1">
                  <Switch
                    aria-label={`${account.name} is sent with`}
                    checked={account.enabled}
                    onCheckedChange={(enabled) => enable(account, enabled)}
                    className="mr-2"
                  />
                  {accounts.length > 1 && (
                    <>
                      <IconButton
                        size="sm"
                        label={`Try ${account.name} earlier`}
                        icon={<ArrowUp aria-hidden />}
                        disabled={rank === 0 && tier.length === 1}
                        onClick={() => move(movedBy(tiers, account.id, -1), `${account.name} is tried earlier.`)}
                        className="max-sm:hidden"
                      />
                      <IconButton
                        size="sm"
                        label={`Try ${account.name} later`}
                        icon={<ArrowDown aria-hidden />}
                        disabled={rank === tiers.length - 1 && tier.length === 1}
                        onClick={() => move(movedBy(tiers, account.id, 1), `${account.name} is tried later.`)}
                        className="max-sm:hidden"
                      />
                      <Menu
                        trigger={
                          <IconButton size="sm" label={`More for ${account.name}`} icon={<Ellipsis aria-hidden />} />
                        }
                      >
                        <MenuItem
                          icon={<ArrowUp aria-hidden />}
                          disabled={rank === 0 && tier.length === 1}
                          onSelect={() => move(movedBy(tiers, account.id, -1), `${account.name} is tried earlier.`)}
                        >
                          Try earlier
                        </MenuItem>
                        <MenuItem
                          icon={<ArrowDown aria-hidden />}
                          disabled={rank === tiers.length - 1 && tier.length === 1}
                          onSelect={() => move(movedBy(tiers, account.id, 1), `${account.name} is tried later.`)}
                        >
                          Try later
                        </MenuItem>
                        {tier.length > 1 ? (
                          <MenuItem
                            icon={<Split aria-hidden />}
                            onSelect={() => move(movedBy(tiers, account.id, 1), `${account.name} shares no more.`)}
                          >
                            Only when the others fail
                          </MenuItem>
                        ) : (
                          <MenuItem
                            icon={<Merge aria-hidden />}
                            disabled={rank === 0}
                            onSelect={() => move(joinedUp(tiers, account.id), `${account.name} shares the load.`)}
                          >
                            Share with the one above
                          </MenuItem>
                        )}
                      </Menu>
                    </>
                  )}
                </div>
              )}
            </li>
          )),
        )}
        {platform.map((one) => (
          <li key={one.id} className="flex items-start gap-3 px-3 py-3 sm:items-center">
            {mayWrite && accounts.length > 1 && <span className="hidden size-4 shrink-0 sm:block" />}
            <span className="w-5 shrink-0" />
            <ProviderIcon name={one.name} className="hidden sm:inline-flex" />
            <div className="min-w-0 flex-1 space-y-0.5">
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span className={cn("font-medium", isOwn && "text-ink-muted")}>{one.name}</span>
                <Badge>{one.isBuiltIn ? "Built in" : "Platform"}</Badge>
                {!isOwn && <AccountStatus {...one} />}
              </div>
              <p className="text-ink-muted text-sm">
                {isOwn
                  ? "Not used: your own accounts serve this channel."
                  : one.isBuiltIn
                    ? "Needs no credentials."
                    : "Set up by whoever runs this installation, for every tenant without an account of its own."}
              </p>
              {!isOwn && <LastError today={one.today} />}
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** Changes that are seen at once, and taken back when the server refuses them. */
function useChanges() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [said, setSaid] = useState("");
  const queryKey = trpc.providers.list.queryKey(tenant.input);
  const order = useMutation(trpc.providers.order.mutationOptions());
  const update = useMutation(trpc.providers.update.mutationOptions());

  async function change(patch: (account: Account) => Account, send: () => Promise<unknown>) {
    await queryClient.cancelQueries({ queryKey });
    const before = queryClient.getQueryData(queryKey);
    queryClient.setQueryData(queryKey, (list) => list && { ...list, accounts: list.accounts.map(patch) });
    try {
      await send();
    } catch (error) {
      queryClient.setQueryData(queryKey, before);
      toast.bad("Not changed", { description: failureOf(error).message });
    }
    await queryClient.invalidateQueries({ queryKey: trpc.providers.pathKey() });
  }

  return {
    /** What was done, for screen readers. */
    said,
    reorder(tiers: Tiers<Account>, what: string) {
      const ids = tiers.map((tier) => tier.map(({ id }) => id));
      const rankOf = (id: string) => ids.findIndex((tier) => tier.includes(id));
      setSaid(what);
      void change(
        (account) => (rankOf(account.id) < 0 ? account : { ...account, order: rankOf(account.id) }),
        () => order.mutateAsync({ ...tenant.input, tiers: ids }),
      );
    },
    enable({ id, name }: Account, enabled: boolean) {
      setSaid(`${name} is ${enabled ? "sent with" : "not sent with any more"}.`);
      void change(
        (account) => (account.id === id ? { ...account, enabled, state: enabled ? "unproven" : "disabled" } : account),
        () => update.mutateAsync({ ...tenant.input, id, enabled }),
      );
    },
  };
}
