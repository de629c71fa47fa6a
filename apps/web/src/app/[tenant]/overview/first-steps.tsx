"use client";

import { useSyncExternalStore } from "react";
import { useTenant } from "../../../shell/tenant-context";
import type { Answers } from "../../../trpc/answers";
import { Button, ButtonLink } from "../../../ui/button";
import { Card, CardHeader } from "../../../ui/card";
import { Steps } from "../../../ui/steps";

type Checklist = Answers["overview"]["checklist"];

/** What comes after the first message, until it is done or hidden. */
export function FirstSteps({ checklist }: { checklist: Checklist }) {
  const tenant = useTenant();
  const [isHidden, hide] = useHidden(tenant.slug);
  const steps = [
    {
      key: "message",
      title: "Send a message",
      done: checklist.lastMessage !== null,
      action: "messages.send" as const,
      children: <p className="text-ink-muted">Paste the line above. This page notices by itself.</p>,
    },
    {
      key: "provider",
      title: "Connect a provider",
      done: checklist.hasProvider,
      action: "providers.write" as const,
      children: (
        <Next href={tenant.href("providers")} button="Add a provider">
          Live messages go out through your own accounts: SMTP, SES, Twilio and seventeen more.
        </Next>
      ),
    },
    {
      key: "template",
      title: "Write a template",
      done: checklist.hasTemplate,
      action: "templates.write" as const,
      children: (
        <Next href={tenant.href("templates")} button="Write one">
          One key for every channel and language; your backend sends the data, your team edits the words.
        </Next>
      ),
    },
    {
      key: "endpoint",
      title: "Add a webhook",
      done: checklist.hasEndpoint,
      action: "webhooks.write" as const,
      children: (
        <Next href={tenant.href("webhooks")} button="Add an endpoint">
          Signed reports tell your backend what became of each message.
        </Next>
      ),
    },
    {
      key: "key",
      title: "Make a live key",
      done: checklist.hasLiveKey,
      action: "keys.write" as const,
      children: (
        <Next href={tenant.href("keys")} button="Make a key">
          With it, messages reach people.
        </Next>
      ),
    },
  ].filter(({ action }) => tenant.can(action));
  const left = steps.filter(({ done }) => !done).length;
  if (left === 0 || isHidden) return null;

  return (
    <Card>
      <CardHeader title={`First steps: ${steps.length - left} of ${steps.length} done`}>
        <Button variant="ghost" size="sm" onClick={hide}>
          Hide
        </Button>
      </CardHeader>
      <div className="px-4">
        <Steps label="First steps" steps={steps} />
      </div>
    </Card>
  );
}

function Next({ href, button, children }: { href: string; button: string; children: string }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="max-w-prose text-ink-muted">{children}</p>
      <ButtonLink href={href} size="sm">
        {button}
      </ButtonLink>
    </div>
  );
}

/** Whether the reader hid the steps of a tenant, in this browser. */
function useHidden(slug: string): [boolean, () => void] {
  const name = `tidings-steps-hidden-${slug}`;
  const isHidden = useSyncExternalStore(
    (changed) => {
      window.addEventListener("storage", changed);
      return () => window.removeEventListener("storage", changed);
    },
    () => localStorage.getItem(name) !== null,
    () => false,
  );
  function hide() {
    localStorage.setItem(name, "1");
    window.dispatchEvent(new Event("storage"));
  }
  return [isHidden, hide];
}
