"use client";

import { useQuery } from "@tanstack/react-query";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Callout } from "../../../ui/callout";
import { TextLink } from "../../../ui/text-link";
import { RelativeTime } from "../../../ui/time";

const reasons: Readonly<Record<string, string>> = {
  hard_bounce: "it does not exist",
  complaint: "a message was called spam",
  stop: "they answered STOP",
  unsubscribe: "they unsubscribed",
  manual: "somebody of the team added it",
};

/** What keeps messages from a recipient; nothing is shown when nothing does. */
export function RecipientSuppressions({ id }: { id: string }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const found = useQuery(trpc.recipients.suppressions.queryOptions({ ...tenant.input, id }));
  if (found.isError) return <Callout tone="bad">Whether addresses are suppressed could not be loaded.</Callout>;
  if (!found.data || found.data.length === 0) return null;
  return (
    <Callout tone="warn" title="Some messages are not sent to this person">
      <ul className="mt-1 space-y-1">
        {found.data.map(({ id, channel, address, category, reason, createdAt }) => (
          <li key={id}>
            {channelNames[channel] ?? channel} to{" "}
            <TextLink href={tenant.href(`suppressions?q=${encodeURIComponent(address)}`)}>
              <bdi className="wrap-anywhere line-clamp-1 inline">{shortAddress(address)}</bdi>
            </TextLink>
            {category ? `, of the category ${category},` : ""}: {reasons[reason] ?? reason},{" "}
            <RelativeTime at={createdAt} />
          </li>
        ))}
      </ul>
    </Callout>
  );
}

/** Push tokens may be long. */
const shortAddress = (address: string) => (address.length > 80 ? `${address.slice(0, 60)}…` : address);
