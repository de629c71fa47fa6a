"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Badge } from "../../../ui/badge";
import { Button } from "../../../ui/button";
import { Card } from "../../../ui/card";
import { ConfirmDialog } from "../../../ui/confirm-dialog";
import { IdChip } from "../../../ui/id-chip";
import { Section } from "../../../ui/section";
import { RelativeTime } from "../../../ui/time";
import { toast } from "../../../ui/toast";
import type { Recipient } from "./recipient-words";

const platforms = { ios: "iOS", android: "Android", web: "Web" };

/** The app installations that take a recipient's push messages. */
export function RecipientDevices({ recipient }: { recipient: Recipient }) {
  const { devices } = recipient;
  return (
    <Section title="Devices" description="App installations that take push messages. Apps register them.">
      {devices.length === 0 ? (
        <p className="text-ink-muted text-sm">None registered: push messages have nowhere to go.</p>
      ) : (
        <Card>
          <ul className="divide-y divide-line">
            {devices.map(({ token, platform, createdAt }) => (
              <li key={token} className="flex items-center gap-3 px-4 py-2">
                <Badge>{platforms[platform]}</Badge>
                <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3">
                  <IdChip id={token} length={20} />
                  <RelativeTime at={createdAt} className="text-ink-muted text-xs" />
                </span>
                <RemoveDevice recipientId={recipient.id} token={token} name={platforms[platform]} />
              </li>
            ))}
          </ul>
        </Card>
      )}
    </Section>
  );
}

function RemoveDevice({ recipientId, token, name }: { recipientId: string; token: string; name: string }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.recipients.removeDevice.mutationOptions({
      onSuccess: () => {
        toast.good("Device removed");
        return queryClient.invalidateQueries({ queryKey: trpc.recipients.pathKey() });
      },
    }),
  );
  if (!tenant.can("recipients.write")) return null;
  return (
    <ConfirmDialog
      title={`Remove this ${name} device?`}
      description={
        <>
          No push message goes to <code className="wrap-anywhere line-clamp-3 font-mono">{token}</code> until its app
          registers again.
        </>
      }
      action="Remove device"
      onConfirm={() => remove.mutateAsync({ ...tenant.input, id: recipientId, token })}
      trigger={<Button size="sm">Remove</Button>}
    />
  );
}
