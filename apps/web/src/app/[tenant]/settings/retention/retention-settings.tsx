"use client";

import { useTenant } from "../../../../shell/tenant-context";
import { Card, CardBody } from "../../../../ui/card";
import { ErrorState } from "../../../../ui/error-state";
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
  const { planName, retentionDays } = query.data;
  const messages =
    retentionDays === null
      ? "As long as this platform keeps them: 400 days, unless its operator set another number"
      : `${retentionDays} days after they are settled, as the plan ${planName} has it`;

  return (
    <div className="max-w-3xl space-y-8">
      <Section
        title="What is kept, and how long"
        description="Afterwards it is deleted by itself. What is not settled yet is never deleted."
      >
        <Card>
          <CardBody>
            <KeyValue
              items={[
                { label: "Messages", value: `${messages}. With them go deliveries, attempts and webhook reports` },
                { label: "What providers told", value: "30 days. Which message was whose, 60 days" },
                { label: "Answers of Idempotency-Keys", value: "48 hours" },
                { label: "Uploaded files", value: "A few days: what is attached is sent by then" },
                { label: "Usage", value: "As long as the tenant exists: bills are made of it" },
                { label: "Inboxes", value: "As long as the tenant exists, or until the person is erased" },
                { label: "Recipients, templates", value: "Until you delete them" },
                { label: "Suppressions", value: "Until you lift them: an address that bounced still bounces" },
                { label: "Audit log", value: "As long as the tenant exists" },
              ]}
            />
          </CardBody>
        </Card>
      </Section>
      <Section title="Sooner">
        <p className="max-w-prose text-pretty text-sm">
          A person’s data is exported and erased on the page{" "}
          <TextLink href={tenant.href("recipients")}>Recipients</TextLink>, or through the API. Everything goes when an
          owner erases the tenant.
          {retentionDays !== null && (
            <>
              {" "}
              For longer than {retentionDays} days, <TextLink href={tenant.href("billing")}>change the plan</TextLink>.
            </>
          )}
        </p>
      </Section>
    </div>
  );
}
