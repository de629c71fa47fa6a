"use client";

import { useQuery } from "@tanstack/react-query";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Card } from "../../../ui/card";
import { ErrorState } from "../../../ui/error-state";
import { RowOpener } from "../../../ui/row-opener";
import { Section } from "../../../ui/section";
import { SkeletonRows } from "../../../ui/skeleton";
import { Status } from "../../../ui/status";
import { TextLink } from "../../../ui/text-link";
import { RelativeTime } from "../../../ui/time";
import { aboutWhat } from "../messages/message-columns";

/** The newest messages to a recipient, in the mode of the header. */
export function RecipientMessages({ id }: { id: string }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const found = useQuery(trpc.recipients.messages.queryOptions({ ...tenant.input, id }));
  const all = tenant.href(`messages?recipient=${encodeURIComponent(id)}`);

  return (
    <Section
      title={`Latest ${tenant.mode} messages`}
      actions={found.data?.hasMore && <TextLink href={all}>All messages</TextLink>}
    >
      {found.isError && !found.data ? (
        <ErrorState title="The messages could not be loaded" error={found.error} onRetry={() => void found.refetch()} />
      ) : !found.data ? (
        <SkeletonRows rows={3} />
      ) : found.data.messages.length === 0 ? (
        <p className="text-ink-muted text-sm">
          None in {tenant.mode} mode. Send one with <code className="font-mono">{'"recipient": { "id": … }'}</code> and
          this id.
        </p>
      ) : (
        <Card>
          <ul className="divide-y divide-line text-sm">
            {found.data.messages.map((message) => (
              <li
                key={message.id}
                className="relative flex flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-2 hover:bg-sunken/60"
              >
                <RowOpener label={aboutWhat(message)} href={tenant.href(`messages/${message.id}`)} />
                <bdi className="min-w-0 flex-1 truncate font-medium">{aboutWhat(message)}</bdi>
                <span className="ml-auto">
                  <Status value={message.status} />
                </span>
                <span className="flex w-full min-w-0 gap-1 text-ink-muted text-xs">
                  <RelativeTime at={message.createdAt} className="shrink-0" />
                  <span className="truncate">
                    {message.failure && <bdi> · {message.failure}</bdi>}
                    {!message.failure && message.address && message.address !== id && <bdi> · {message.address}</bdi>}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </Section>
  );
}
