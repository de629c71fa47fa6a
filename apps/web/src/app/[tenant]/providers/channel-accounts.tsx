"use client";

import { useState } from "react";
import { channelNames } from "../../../shell/channel-names";
import { Section } from "../../../ui/section";
import { AccountRow, PlatformRow } from "./account-row";
import type { Account, PlatformAccount } from "./provider-words";
import { droppedOn, type Tiers, tiersOf } from "./tiers";
import { useAccountChanges } from "./use-account-changes";

/** The accounts of one channel in the order in which they are tried; moved by dragging, or by the menu of each. */
export function ChannelAccounts(props: {
  channel: string;
  accounts: readonly Account[];
  platform: readonly PlatformAccount[];
}) {
  const { channel, accounts, platform } = props;
  const { reorder, enable, said } = useAccountChanges();
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
            <AccountRow
              key={account.id}
              {...{ account, tiers, rank }}
              onMove={move}
              onEnable={(enabled) => enable(account, enabled)}
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
              className={dragged === account.id ? "opacity-50" : undefined}
            />
          )),
        )}
        {platform.map((account) => (
          <PlatformRow key={account.id} account={account} isUsed={!isOwn} isBrief={isOwn || platform.length > 2} />
        ))}
      </ol>
    </Section>
  );
}
