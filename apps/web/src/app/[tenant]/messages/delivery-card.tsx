"use client";

import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import { Badge } from "../../../ui/badge";
import { Card, CardBody } from "../../../ui/card";
import { formatDuration } from "../../../ui/format-number";
import { IdChip } from "../../../ui/id-chip";
import { ProviderIcon } from "../../../ui/provider-icon";
import { Status } from "../../../ui/status";
import { TextLink } from "../../../ui/text-link";
import { ExactTime, RelativeTime } from "../../../ui/time";
import { DeliveryContent } from "./delivery-content";
import type { MessageStory } from "./use-message-story";

type Delivery = MessageStory["notification"]["deliveries"][number];
type Attempt = Delivery["attempts"][number];

const receiptWords: Readonly<Record<string, string>> = {
  delivered: "Delivered",
  bounced_hard: "Bounced for good",
  bounced_soft: "Bounced for now",
  complained: "Marked as spam",
  opened: "Opened",
  clicked: "Clicked",
  unsubscribed: "Unsubscribed",
};

/** One channel's message to one address: every attempt with the provider's words, and what the provider told later. */
export function DeliveryCard({ delivery, senderNames }: { delivery: Delivery; senderNames: Record<string, string> }) {
  const { channel, address, status, provider, attempts, receipts, reason, nextAttemptAt } = delivery;
  return (
    <Card>
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2.5">
        {provider && <ProviderIcon name={provider} />}
        <Badge>{channelNames[channel] ?? channel}</Badge>
        <span className="wrap-anywhere min-w-0 font-medium" dir="auto">
          {address.length > 60 ? <IdChip id={address} length={28} /> : address}
        </span>
        <span className="ml-auto">
          <Status value={status} />
        </span>
      </header>
      <CardBody className="space-y-4">
        {attempts.length === 0 && (
          <p className="text-ink-muted text-sm">
            {status === "SKIPPED" ? `Not sent: ${reason ?? "no reason was kept"}.` : "No attempt yet."}
          </p>
        )}
        {attempts.length > 0 && (
          <ol aria-label="Attempts" className="space-y-3">
            {attempts.map((attempt) => (
              <AttemptItem
                key={attempt.number}
                attempt={attempt}
                senderName={senderNames[attempt.account ?? ""] ?? senderNames[attempt.provider] ?? attempt.provider}
              />
            ))}
          </ol>
        )}
        {nextAttemptAt && (
          <p className="text-ink-muted text-sm">
            The next attempt comes <RelativeTime at={nextAttemptAt} />.
          </p>
        )}
        {receipts.length > 0 && (
          <ul aria-label="Receipts" className="space-y-1 border-line border-t pt-3 text-sm">
            {receipts.map(({ kind, at, reason, url }) => (
              <li key={`${kind} ${at} ${url}`} className="flex flex-wrap items-baseline justify-between gap-x-3">
                <span className="wrap-anywhere min-w-0">
                  <span className="font-medium">{receiptWords[kind] ?? kind}</span>
                  {(url ?? reason) && <span className="text-ink-muted"> · {url ?? reason}</span>}
                </span>
                <ExactTime at={at} className="text-ink-muted text-xs" />
              </li>
            ))}
          </ul>
        )}
        <DeliveryContent id={delivery.id} />
        <p className="flex items-center gap-2 text-ink-muted text-xs">
          <IdChip id={delivery.id} length={20} className="-ml-1" />
          {delivery.units > 0 && `${delivery.units} ${delivery.units === 1 ? "unit" : "units"}`}
        </p>
      </CardBody>
    </Card>
  );
}

function AttemptItem({ attempt, senderName }: { attempt: Attempt; senderName: string }) {
  const tenant = useTenant();
  const { number, outcome, account, choice, durationMs, reason, providerMessageId, startedAt } = attempt;
  return (
    <li className="text-sm">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
        <span className="text-ink-muted">Attempt {number}</span>
        <Status value={outcome === "sent" ? "SENT" : outcome === "unknown" ? "UNKNOWN" : outcome} />
        <span className="text-ink-muted">
          by{" "}
          {account?.startsWith("acc_") ? (
            <TextLink href={tenant.href(`providers/${account}`)}>{senderName}</TextLink>
          ) : (
            senderName
          )}
          {` in ${formatDuration(durationMs)}`}
        </span>
        <ExactTime at={startedAt} className="sm:ml-auto text-ink-muted text-xs" />
      </div>
      {reason && (
        <p
          className="wrap-anywhere mt-1 whitespace-pre-wrap rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs"
          dir="auto"
        >
          {reason}
        </p>
      )}
      <p className="mt-1 flex flex-wrap items-center gap-x-2 text-ink-muted text-xs">
        {choice && <span>Chosen: {choice}</span>}
        {providerMessageId && <IdChip id={providerMessageId} length={28} className="-ml-1" />}
      </p>
    </li>
  );
}
