"use client";

import { useTenant } from "../../../shell/tenant-context";
import { Card } from "../../../ui/card";
import { formatDuration } from "../../../ui/format-number";
import { Section } from "../../../ui/section";
import { Status } from "../../../ui/status";
import { TextLink } from "../../../ui/text-link";
import type { MessageStory } from "./use-message-story";

const states = { PENDING: "waiting", DELIVERED: "DELIVERED", FAILED: "FAILED" } as const;

/** What the tenant's endpoints were told of the message. */
export function ReportList({ reports, hasMore }: { reports: MessageStory["reports"]; hasMore: boolean }) {
  const tenant = useTenant();
  if (reports.length === 0) {
    return (
      <Section title="Webhook reports">
        <p className="text-ink-muted text-sm">
          No endpoint was told of it.{" "}
          {tenant.can("webhooks.write") && <TextLink href={tenant.href("webhooks")}>Add an endpoint</TextLink>}
        </p>
      </Section>
    );
  }
  return (
    <Section title="Webhook reports">
      <Card>
        <ul className="divide-y divide-line text-sm">
          {reports.map(({ id, type, status, endpointId, url, attempts }) => {
            const last = attempts.at(-1);
            return (
              <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-2">
                <span className="font-mono text-xs">{type}</span>
                <span className="ml-auto">
                  <Status value={states[status as keyof typeof states] ?? "waiting"} />
                </span>
                <span className="wrap-anywhere w-full text-ink-muted text-xs">
                  <TextLink href={tenant.href(`webhooks/${endpointId}?report=${id}`)}>
                    {url ?? "an endpoint that is gone"}
                  </TextLink>
                  {last &&
                    ` · ${last.statusCode ?? last.reason ?? last.outcome} in ${formatDuration(last.durationMs)}${
                      attempts.length > 1 ? `, attempt ${last.number}` : ""
                    }`}
                </span>
              </li>
            );
          })}
        </ul>
      </Card>
      {hasMore && <p className="text-ink-muted text-sm">These are the first {reports.length}.</p>}
    </Section>
  );
}
