"use client";

import { Inbox } from "lucide-react";
import { useTenant } from "../../../shell/tenant-context";
import { Badge } from "../../../ui/badge";
import { Callout } from "../../../ui/callout";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorState } from "../../../ui/error-state";
import { failureOf } from "../../../ui/failure";
import { IdChip } from "../../../ui/id-chip";
import { PageHeader } from "../../../ui/page-header";
import { Section } from "../../../ui/section";
import { SkeletonRows } from "../../../ui/skeleton";
import { Status } from "../../../ui/status";
import { TextLink } from "../../../ui/text-link";
import { ExactTime } from "../../../ui/time";
import { DeliveryCard } from "./delivery-card";
import { MessageActions } from "./message-actions";
import { MessageRequest } from "./message-request";
import { MessageTimeline } from "./message-timeline";
import { ReportList } from "./report-list";
import { StageStrip } from "./stage-strip";
import { type MessageStory, useMessageStory } from "./use-message-story";

/** The whole story of one message, live: beside the list (`panel`) or on a page of its own. */
export function MessageStoryView({ id, look }: { id: string; look: "panel" | "page" }) {
  const story = useMessageStory(id);
  if (story.data) return <Story story={story.data} look={look} />;
  if (!story.isError) return <SkeletonRows rows={8} />;
  if (failureOf(story.error).code === "not_found") return <Gone />;
  return (
    <ErrorState title="The message could not be loaded" error={story.error} onRetry={() => void story.refetch()} />
  );
}

function Story({ story, look }: { story: MessageStory; look: "panel" | "page" }) {
  const tenant = useTenant();
  const { notification, stages, reports, isErased } = story;
  const title = titleOf(story);
  const whom = whomOf(story);
  const badges = (
    <>
      <Status value={notification.status} />
      {notification.mode === "test" && <Badge tone="warn">Test</Badge>}
    </>
  );
  return (
    <>
      {look === "page" && (
        <PageHeader
          title={<bdi>{title}</bdi>}
          back={<TextLink href={tenant.href("messages")}>Messages</TextLink>}
          aside={badges}
          description={
            <>
              To <bdi className="wrap-anywhere">{whom}</bdi> · <IdChip id={notification.id} length={40} />
            </>
          }
          actions={<MessageActions story={story} />}
        />
      )}
      <article className="space-y-8">
        {look === "panel" && (
          <div className="flex flex-wrap items-center justify-between gap-3">
            <h2 className="wrap-anywhere flex min-w-0 flex-wrap items-center gap-x-3 font-semibold text-lg" dir="auto">
              {title} {badges}
            </h2>
            <MessageActions story={story} />
          </div>
        )}
        {notification.reason && <Callout tone="warn" title={notification.reason} />}
        {isErased && (
          <Callout tone="info" title="This person was erased">
            Addresses, contents and providers' words are gone for good; that it was sent, and when, stays.
          </Callout>
        )}
        <StageStrip stages={stages} />
        <Section title={notification.deliveries.length === 1 ? "Delivery" : "Deliveries"}>
          {notification.deliveries.length === 0 ? (
            <p className="text-ink-muted text-sm">
              {notification.status === "SCHEDULED" && notification.sendAt ? (
                <>
                  None yet: the message waits until <ExactTime at={notification.sendAt} />.
                </>
              ) : (
                "None yet: they are planned when the message is routed."
              )}
            </p>
          ) : (
            <div className="space-y-4">
              {notification.deliveries.map((delivery) => (
                <DeliveryCard key={delivery.id} delivery={delivery} senderNames={story.senderNames} />
              ))}
            </div>
          )}
        </Section>
        <div className={look === "page" ? "grid gap-8 lg:grid-cols-2" : "space-y-8"}>
          <Section title="Timeline">
            <MessageTimeline notification={notification} />
          </Section>
          <div className="space-y-8">
            <MessageRequest notification={notification} />
            <ReportList reports={reports} hasMore={story.hasMoreReports} />
          </div>
        </div>
      </article>
    </>
  );
}

/** What the message is called: its subject, else its template, else whom it is for. */
function titleOf(story: MessageStory): string {
  const { content, template } = story.notification;
  for (const part of Object.values(content ?? {})) {
    const said = part as { subject?: unknown; title?: unknown; text?: unknown } | null;
    const words = said?.subject ?? said?.title ?? said?.text;
    if (typeof words === "string" && words) return words.length > 120 ? `${words.slice(0, 120)}…` : words;
  }
  return template?.key ?? `Message to ${whomOf(story)}`;
}

/** Whom it is for: by the tenant's own id, else by an address. */
function whomOf({ notification: { recipient } }: MessageStory): string {
  return recipient.id ?? Object.values(recipient)[0] ?? "nobody";
}

function Gone() {
  const tenant = useTenant();
  return (
    <EmptyState
      icon={<Inbox />}
      title="There is no such message"
      action={<TextLink href={tenant.href("messages")}>All messages</TextLink>}
    >
      It may be older than your plan keeps messages, or belong to another tenant.
    </EmptyState>
  );
}
