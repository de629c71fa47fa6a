"use client";

import { useTenant } from "../../../shell/tenant-context";
import { Card, CardBody } from "../../../ui/card";
import { IdChip } from "../../../ui/id-chip";
import { JsonView } from "../../../ui/json-view";
import { KeyValue } from "../../../ui/key-value";
import { Section } from "../../../ui/section";
import { TextLink } from "../../../ui/text-link";
import { ExactTime } from "../../../ui/time";
import { MessageLink } from "../message-link";
import type { MessageStory } from "./use-message-story";

/** What was asked for, and by which request. */
export function MessageRequest({ notification }: { notification: MessageStory["notification"] }) {
  const tenant = useTenant();
  const {
    recipient,
    template,
    category,
    priority,
    requestId,
    idempotencyKey,
    resendOf,
    resends,
    sendAt,
    locale,
    data,
  } = notification;
  const { id: recipientId, ...addresses } = recipient;
  const search = (name: string, value: string) => tenant.href(`messages?${new URLSearchParams({ [name]: value })}`);
  const items = [
    { label: "Accepted", value: <ExactTime at={notification.createdAt} /> },
    ...(sendAt ? [{ label: "To be sent", value: <ExactTime at={sendAt} /> }] : []),
    ...(recipientId
      ? [
          {
            label: "Recipient",
            value: (
              <>
                <TextLink href={tenant.href(`recipients/${encodeURIComponent(recipientId)}`)}>{recipientId}</TextLink>
                <span className="text-ink-muted">
                  {" · "}
                  <TextLink href={search("recipient", recipientId)}>all messages</TextLink>
                </span>
              </>
            ),
          },
        ]
      : []),
    ...Object.entries(addresses).map(([field, address]) => ({
      label: field[0]?.toUpperCase() + field.slice(1),
      value: <TextLink href={search("q", address)}>{address}</TextLink>,
    })),
    ...(template
      ? [
          {
            label: "Template",
            value: (
              <>
                <TextLink href={tenant.href(`templates/${template.key}`)}>{template.key}</TextLink>
                <span className="text-ink-muted"> · version {template.version}</span>
              </>
            ),
          },
        ]
      : []),
    ...(category
      ? [{ label: "Category", value: <TextLink href={search("category", category)}>{category}</TextLink> }]
      : []),
    { label: "Priority", value: <span className="capitalize">{priority}</span> },
    ...(locale ? [{ label: "Locale", value: locale }] : []),
    { label: "Request", value: <IdChip id={requestId} length={30} className="-ml-1" /> },
    ...(idempotencyKey
      ? [{ label: "Idempotency key", value: <IdChip id={idempotencyKey} length={30} className="-ml-1" /> }]
      : []),
    ...(resendOf
      ? [
          {
            label: "Sent again from",
            value: <MessageLinks ids={[resendOf]} />,
          },
        ]
      : []),
    ...(resends.length > 0 ? [{ label: "Sent again as", value: <MessageLinks ids={resends} /> }] : []),
  ];
  return (
    <Section title="Request">
      <Card>
        <CardBody className="py-1">
          <KeyValue items={items} />
        </CardBody>
      </Card>
      {data && <JsonView label="Data" value={data} openLevels={1} />}
    </Section>
  );
}

function MessageLinks({ ids }: { ids: readonly string[] }) {
  return (
    <span className="flex flex-wrap gap-x-4 gap-y-1">
      {ids.map((id) => (
        <MessageLink key={id} id={id} />
      ))}
    </span>
  );
}
