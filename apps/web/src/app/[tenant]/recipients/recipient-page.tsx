"use client";

import { useQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { Card, CardBody, CardHeader } from "../../../ui/card";
import { ErrorState } from "../../../ui/error-state";
import { JsonView } from "../../../ui/json-view";
import { KeyValue } from "../../../ui/key-value";
import { PageHeader } from "../../../ui/page-header";
import { SkeletonRows } from "../../../ui/skeleton";
import { TextLink } from "../../../ui/text-link";
import { RelativeTime } from "../../../ui/time";
import { ErasePerson } from "./erase-person";
import { RecipientDevices } from "./recipient-devices";
import { RecipientEditor } from "./recipient-editor";
import { RecipientMenu } from "./recipient-menu";
import { RecipientMessages } from "./recipient-messages";
import { RecipientSuppressions } from "./recipient-suppressions";
import { addressKinds, type Recipient } from "./recipient-words";

/** One recipient: how they are reached, what keeps messages from them, and what they were sent. */
export function RecipientPage({ id }: { id: string }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const found = useQuery(trpc.recipients.get.queryOptions({ ...tenant.input, id }));
  const back = <TextLink href={tenant.href("recipients")}>Recipients</TextLink>;
  const recipient = found.data;

  if (!recipient) {
    const isUnknown = found.error?.data?.code === "not_found";
    return (
      <>
        <PageHeader title={<bdi>{id}</bdi>} back={back} />
        {found.isError ? (
          <ErrorState
            title={isUnknown ? "Nobody is stored under this id" : "The recipient could not be loaded"}
            error={found.error}
            {...(!isUnknown && { onRetry: () => void found.refetch() })}
          >
            {isUnknown && (
              <div className="flex flex-wrap justify-center gap-2">
                <TextLink href={tenant.href(`messages?recipient=${encodeURIComponent(id)}`)}>
                  Messages to this id
                </TextLink>
                {tenant.can("recipients.erase") && (
                  <ErasePerson person={{ id }} trigger={<Button size="sm">Erase what is left…</Button>} />
                )}
              </div>
            )}
          </ErrorState>
        ) : (
          <SkeletonRows rows={6} />
        )}
      </>
    );
  }

  return (
    <>
      <PageHeader
        title={<bdi>{recipient.id}</bdi>}
        back={back}
        actions={
          <>
            {tenant.can("recipients.write") && (
              <RecipientEditor
                recipient={recipient}
                trigger={
                  <Button>
                    <Pencil aria-hidden />
                    Edit
                  </Button>
                }
              />
            )}
            <RecipientMenu recipient={recipient} />
          </>
        }
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0 space-y-6 max-lg:order-last">
          <RecipientSuppressions id={recipient.id} />
          <RecipientMessages id={recipient.id} />
          <RecipientDevices recipient={recipient} />
        </div>
        <RecipientFacts recipient={recipient} />
      </div>
    </>
  );
}

function RecipientFacts({ recipient }: { recipient: Recipient }) {
  const { addresses, locale, timeZone, data, createdAt, updatedAt } = recipient;
  return (
    <div className="min-w-0 space-y-6">
      <Card>
        <CardHeader title="Profile" />
        <CardBody className="py-1">
          <KeyValue
            items={[
              ...addressKinds
                .filter(({ field }) => addresses[field] || field === "email" || field === "phone")
                .map(({ field, label }) => ({ label, value: addresses[field] && <bdi>{addresses[field]}</bdi> })),
              { label: "Locale", value: locale },
              { label: "Time zone", value: timeZone },
              { label: "Stored", value: <RelativeTime at={createdAt} /> },
              { label: "Changed", value: <RelativeTime at={updatedAt} /> },
            ]}
          />
        </CardBody>
      </Card>
      <JsonView label="Data" value={data} />
    </div>
  );
}
