"use client";

import { CircleCheck } from "lucide-react";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import type { Answers } from "../../../trpc/answers";
import { Callout } from "../../../ui/callout";
import { Card } from "../../../ui/card";
import { EmptyState } from "../../../ui/empty-state";
import { formatCount } from "../../../ui/format-number";
import { Section } from "../../../ui/section";
import { Status } from "../../../ui/status";
import { TextLink } from "../../../ui/text-link";
import { RelativeTime } from "../../../ui/time";

type Overview = Answers["overview"]["get"];

/** What went wrong and needs a look: alike failures together, each with an example; endpoints at which nothing gets through. */
export function Problems({ overview: { problems, searchedTo, endpoints, deadLetters } }: { overview: Overview }) {
  const tenant = useTenant();
  return (
    <Section title="Needs a look">
      {endpoints.map(({ id, url, disabledReason, failingSince }) => (
        <Callout
          key={id}
          tone="warn"
          title={disabledReason ? "A webhook endpoint was disabled" : "A webhook endpoint does not answer well"}
          action={<TextLink href={tenant.href(`webhooks/${id}`)}>Look at it</TextLink>}
        >
          <span className="wrap-anywhere">{url}</span>
          {disabledReason
            ? `: ${disabledReason}`
            : failingSince && (
                <>
                  {" "}
                  since <RelativeTime at={failingSince} />
                </>
              )}
        </Callout>
      ))}
      {deadLetters > 0 && (
        <Callout
          tone="warn"
          title={`${deadLetters === 100 ? "100 or more" : deadLetters} messages could not be processed`}
        >
          They are kept, and the operator of this installation can replay them.
        </Callout>
      )}
      <Card>
        {problems.length === 0 ? (
          <EmptyState icon={<CircleCheck />} title="Nothing failed in this time">
            Bounces, refusals and providers that fail stand here, alike ones together, each with an example.
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {problems.map(({ channel, status, provider, reason, count, lastAt, notificationId }) => (
              <li key={notificationId + reason} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
                <span className="w-28 shrink-0">
                  <Status value={status} />
                </span>
                <span className="min-w-0 flex-1 basis-60">
                  <span className="wrap-anywhere line-clamp-2" dir="auto">
                    {reason || "No reason was given"}
                  </span>
                  <span className="text-ink-muted text-xs">
                    {channelNames[channel] ?? channel}
                    {provider && ` by ${provider}`} · last <RelativeTime at={lastAt} />
                  </span>
                </span>
                <span className="text-ink-muted text-sm">{formatCount(count)} ×</span>
                <TextLink href={tenant.href(`messages/${notificationId}`)}>An example</TextLink>
              </li>
            ))}
          </ul>
        )}
      </Card>
      {searchedTo && (
        <p className="text-ink-muted text-xs">
          Of the latest deliveries, back to <RelativeTime at={searchedTo} />.
        </p>
      )}
    </Section>
  );
}
