"use client";

import { useTenant } from "../../../../shell/tenant-context";
import { Card, CardBody } from "../../../../ui/card";
import { ErrorState } from "../../../../ui/error-state";
import { formatCount } from "../../../../ui/format-number";
import { KeyValue } from "../../../../ui/key-value";
import { Section } from "../../../../ui/section";
import { SkeletonRows } from "../../../../ui/skeleton";
import { TextLink } from "../../../../ui/text-link";
import { useSettings } from "../use-settings";

/** What is kept how long, in words; how to have it gone sooner. */
export function RetentionSettings() {
  const tenant = useTenant();
  const { query } = useSettings();
  if (query.isError && !query.data)
    return (
      <ErrorState title="The settings could not be loaded" error={query.error} onRetry={() => void query.refetch()} />
    );
  if (!query.data) return <SkeletonRows rows={8} />;
  const { planName, retentionDays, isRetentionOfPlan } = query.data;
  const rows: readonly [what: string, how: string, more?: string][] = [
    [
      "Messages",
      `${formatCount(retentionDays)} days`,
      `${isRetentionOfPlan ? `The plan ${planName} says so, from when they are settled` : "Set by whoever runs this platform, from when they were accepted"}. Deliveries, attempts and webhook reports go with them.`,
    ],
    ["Provider receipts", "30 days", "Which message a receipt belongs to is known for 60."],
    ["Idempotency keys", "48 hours", "Within them, a repeated request is answered like the first."],
    ["Uploaded attachments", "A few days", "Time enough for what is scheduled with them to go out."],
    ["Recipients and templates", "Until you delete them"],
    ["Suppressions", "Until you lift them", "An address that bounced goes on bouncing."],
    ["Inboxes", "As long as the tenant exists", "Or until the person is erased."],
    ["Usage", "As long as the tenant exists", "Bills are based on it."],
    ["Audit log", "As long as the tenant exists"],
  ];

  return (
    <div className="max-w-3xl space-y-8">
      <Section
        title="What is kept, and how long"
        description="After that it is deleted by itself. A message that is still on its way is never deleted."
      >
        <Card>
          <CardBody className="py-2">
            <KeyValue
              items={rows.map(([label, how, more]) => ({
                label,
                value: (
                  <>
                    <span className="font-medium">{how}</span>
                    {more && <span className="block text-pretty text-ink-muted text-xs">{more}</span>}
                  </>
                ),
              }))}
            />
          </CardBody>
        </Card>
      </Section>
      <Section title="Delete something sooner">
        <p className="max-w-prose text-pretty text-ink-muted text-sm">
          One person’s data is exported and erased from their page under{" "}
          <TextLink href={tenant.href("recipients")}>Recipients</TextLink>, or through the API. Everything goes when an
          owner erases the tenant.
          {isRetentionOfPlan && (
            <>
              {" "}
              To keep messages longer than {formatCount(retentionDays)} days,{" "}
              <TextLink href={tenant.href("billing")}>change the plan</TextLink>.
            </>
          )}
        </p>
      </Section>
    </div>
  );
}
