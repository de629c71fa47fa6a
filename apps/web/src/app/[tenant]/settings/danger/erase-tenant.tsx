"use client";

import { useMutation } from "@tanstack/react-query";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { Button } from "../../../../ui/button";
import { Card, CardBody } from "../../../../ui/card";
import { ConfirmDialog } from "../../../../ui/confirm-dialog";
import { Section } from "../../../../ui/section";
import { TextLink } from "../../../../ui/text-link";

/** What erasing the tenant means, and the button that does it. */
export function EraseTenant() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const erase = useMutation(trpc.settings.erase.mutationOptions({ onSuccess: () => window.location.assign("/start") }));
  return (
    <div className="max-w-3xl">
      <Section title={`Erase ${tenant.name}`} description="For good. Nobody, not even the operator, can bring it back.">
        <Card>
          <CardBody className="space-y-4">
            <ul className="list-disc space-y-1 pl-5 text-sm">
              <li>API keys are refused within a second, and everybody of the team loses access.</li>
              <li>Messages that wait or are scheduled are not sent any more, in both modes.</li>
              <li>
                Messages, recipients, templates, inboxes, suppressions, provider accounts, webhooks, usage and the audit
                log are deleted within the hour.
              </li>
              <li>What is paid for ends now; what was paid for the rest of the period is credited.</li>
              <li>The platform keeps a single line: that the tenant was erased, when and by whom.</li>
            </ul>
            <p className="text-ink-muted text-sm">
              To keep something, export it first: <TextLink href={tenant.href("messages")}>messages</TextLink>,{" "}
              <TextLink href={tenant.href("suppressions")}>suppressions</TextLink>,{" "}
              <TextLink href={tenant.href("settings/audit")}>the audit log</TextLink>.
            </p>
            <ConfirmDialog
              title={`Erase ${tenant.name}?`}
              description="Everything the tenant has is deleted, and nobody can bring it back."
              action="Erase for good"
              name={tenant.slug}
              onConfirm={() => erase.mutateAsync({ ...tenant.input, confirmation: tenant.slug })}
              trigger={<Button variant="danger">Erase the tenant</Button>}
            />
          </CardBody>
        </Card>
      </Section>
    </div>
  );
}
