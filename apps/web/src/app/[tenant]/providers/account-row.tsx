"use client";

import {
  ArrowDown,
  ArrowUp,
  Ellipsis,
  GripVertical,
  Merge,
  Settings,
  Split,
  Trash2,
  TriangleAlert,
} from "lucide-react";
import Link from "next/link";
import { type ComponentProps, useState } from "react";
import { useTenant } from "../../../shell/tenant-context";
import { Badge } from "../../../ui/badge";
import { cn } from "../../../ui/cn";
import { formatCount, formatDuration, formatShare } from "../../../ui/format-number";
import { IconButton } from "../../../ui/icon-button";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "../../../ui/menu";
import { ProviderIcon } from "../../../ui/provider-icon";
import { Switch } from "../../../ui/switch";
import { AccountStatus, LastError } from "./account-fitness";
import { DeleteAccount } from "./delete-account";
import type { Account, PlatformAccount } from "./provider-words";
import { joinedUp, movedBy, type Tiers } from "./tiers";

const row = "flex items-start gap-3 px-4 py-3 sm:items-center";

/** An account of the tenant in its place among those of its channel, and all that can be done with it. */
export function AccountRow(
  props: {
    account: Account;
    /** Of the accounts of the channel. */
    tiers: Tiers<Account>;
    rank: number;
    /** Another order of them, and what that means for screen readers. */
    onMove: (tiers: Tiers<Account>, what: string) => void;
    onEnable: (enabled: boolean) => void;
  } & Pick<ComponentProps<"li">, "onDragStart" | "onDragEnd" | "onDragOver" | "onDrop" | "className">,
) {
  const { account, tiers, rank, onMove, onEnable, className, ...dragging } = props;
  const { can, href } = useTenant();
  const mayWrite = can("providers.write");
  const isMovable = mayWrite && tiers.flat().length > 1;
  const isShared = (tiers[rank]?.length ?? 0) > 1;
  return (
    <li {...dragging} draggable={isMovable} className={cn(row, className)}>
      {mayWrite && (
        <GripVertical
          aria-hidden
          className={cn("hidden size-4 shrink-0 text-ink-muted sm:block", isMovable ? "cursor-grab" : "sm:invisible")}
        />
      )}
      <span className="mt-1 w-4 shrink-0 text-center font-mono text-ink-muted text-xs tabular-nums sm:mt-0">
        <span className="sr-only">Tried as number </span>
        {rank + 1}
      </span>
      <ProviderIcon name={account.isKnown ? account.providerName : "?"} className="hidden sm:inline-flex" />
      <div className="min-w-0 flex-1 space-y-0.5">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Link href={href(`providers/${account.id}`)} className="wrap-anywhere rounded-sm font-medium hover:underline">
            {account.name}
          </Link>
          {account.isKnown ? (
            <AccountStatus {...account} />
          ) : (
            <Badge tone="warn">
              <TriangleAlert aria-hidden />
              Unknown provider
            </Badge>
          )}
          {isShared && <Badge>Shares, weight {account.weight}</Badge>}
        </div>
        <p className="text-ink-muted text-sm">{account.isKnown ? factsOf(account) : strangeness(account)}</p>
        {account.isKnown && <LastError {...account} />}
      </div>
      {mayWrite && (
        <div className="flex shrink-0 items-center gap-2">
          <Switch
            aria-label={`${account.name} is sent with`}
            checked={account.enabled}
            onCheckedChange={(enabled) => onEnable(enabled)}
          />
          <AccountMenu {...{ account, tiers, rank, onMove, isMovable, isShared }} />
        </div>
      )}
    </li>
  );
}

function factsOf({ name, providerName, today }: Account): string {
  const provider = name === providerName ? [] : [providerName];
  if (!today) return [...provider, "nothing sent today"].join(" · ");
  const { attempts, failed, medianMs } = today;
  const figures = [
    `${formatCount(attempts)} ${attempts === 1 ? "attempt" : "attempts"} today`,
    `${formatShare(failed / attempts)} failed`,
    formatDuration(medianMs),
  ].map((figure) => figure.replaceAll(" ", "\u00a0")); // a number stays beside its unit
  return [...provider, ...figures].join(" · ");
}

const strangeness = ({ provider }: Account) =>
  `This release does not know “${provider}”. Messages pass it by while another account can send: delete it, or upgrade.`;

function AccountMenu(props: {
  account: Account;
  tiers: Tiers<Account>;
  rank: number;
  onMove: (tiers: Tiers<Account>, what: string) => void;
  isMovable: boolean;
  isShared: boolean;
}) {
  const { account, tiers, rank, onMove, isMovable, isShared } = props;
  const { href } = useTenant();
  const [isDeleting, setIsDeleting] = useState(false);
  const { id, name } = account;
  return (
    <>
      <Menu trigger={<IconButton size="sm" label={`More for ${name}`} icon={<Ellipsis aria-hidden />} />}>
        <MenuLink icon={<Settings aria-hidden />} href={href(`providers/${id}`)}>
          Open
        </MenuLink>
        {isMovable && (
          <>
            <MenuSeparator />
            <MenuItem
              icon={<ArrowUp aria-hidden />}
              disabled={rank === 0 && !isShared}
              onSelect={() => onMove(movedBy(tiers, id, -1), `${name} is tried earlier.`)}
            >
              Try earlier
            </MenuItem>
            <MenuItem
              icon={<ArrowDown aria-hidden />}
              disabled={rank === tiers.length - 1 && !isShared}
              onSelect={() => onMove(movedBy(tiers, id, 1), `${name} is tried later.`)}
            >
              Try later
            </MenuItem>
            {isShared ? (
              <MenuItem
                icon={<Split aria-hidden />}
                onSelect={() => onMove(movedBy(tiers, id, 1), `${name} shares no more.`)}
              >
                Only when the others fail
              </MenuItem>
            ) : (
              <MenuItem
                icon={<Merge aria-hidden />}
                disabled={rank === 0}
                onSelect={() => onMove(joinedUp(tiers, id), `${name} shares the load.`)}
              >
                Share with the one above
              </MenuItem>
            )}
          </>
        )}
        <MenuSeparator />
        <MenuItem danger icon={<Trash2 aria-hidden />} onSelect={() => setIsDeleting(true)}>
          Delete…
        </MenuItem>
      </Menu>
      <DeleteAccount id={id} name={name} open={isDeleting} onOpenChange={setIsDeleting} />
    </>
  );
}

/** An account of the platform. In one line where it is not used, or is one of many. */
export function PlatformRow(props: { account: PlatformAccount; isUsed: boolean; isBrief: boolean }) {
  const { account, isUsed, isBrief } = props;
  const mayWrite = useTenant().can("providers.write");
  return (
    <li className={cn(row, isBrief && "py-2")}>
      {mayWrite && <span className="hidden size-4 shrink-0 sm:block" />}
      <span className="w-4 shrink-0" />
      {isBrief ? (
        <span className="hidden w-7 shrink-0 sm:block" />
      ) : (
        <ProviderIcon name={account.name} className="hidden sm:inline-flex" />
      )}
      <div className="min-w-0 flex-1 space-y-0.5">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className={cn(isBrief ? "text-sm" : "font-medium", !isUsed && "text-ink-muted")}>{account.name}</span>
          <Badge>{account.isBuiltIn ? "Built in" : "Platform"}</Badge>
          {isUsed ? (
            <AccountStatus {...account} />
          ) : (
            <span className="text-ink-muted text-sm">Not used while an account of your own is on</span>
          )}
        </div>
        {!isBrief && (
          <p className="text-ink-muted text-sm">
            {account.isBuiltIn
              ? "Needs no credentials."
              : "Set up by whoever runs this installation, for every tenant without an account of its own."}
          </p>
        )}
        {isUsed && <LastError {...account} />}
      </div>
    </li>
  );
}
