"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { scopes } from "@tidings/shared/scopes";
import { useSubscription } from "@trpc/tanstack-react-query";
import { KeyRound, Send } from "lucide-react";
import { useState } from "react";
import { rememberFirstKey, useFirstKey } from "../../../shell/first-key";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { Card, CardBody, CardHeader } from "../../../ui/card";
import { CodeBlock } from "../../../ui/code-block";
import { failureOf } from "../../../ui/failure";
import { Spinner } from "../../../ui/spinner";
import { Status } from "../../../ui/status";
import { TextLink } from "../../../ui/text-link";
import { toast } from "../../../ui/toast";
import { curlOf } from "../curl-of";
import { StageStrip } from "../messages/stage-strip";
import { useMessageStory } from "../messages/use-message-story";

/** The first minute: a line to paste that works as it is, then the message's way through the six stages, as it goes. */
export function FirstMessage() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [id, setId] = useState<string | null>(null);
  function arrived(arrivedId: string) {
    setId(arrivedId);
    void queryClient.invalidateQueries({ queryKey: trpc.overview.pathKey() });
  }
  useSubscription(
    trpc.messages.live.subscriptionOptions(tenant.input, {
      enabled: id === null,
      onData: ([newest]) => newest && arrived(newest.id),
    }),
  );

  return (
    <Card>
      <CardHeader title={id === null ? "Your first message" : "Your first message, on its way"}>
        {id === null && (
          <span className="flex items-center gap-2 text-ink-muted text-sm" role="status">
            <Spinner />
            Waiting for it
          </span>
        )}
      </CardHeader>
      <CardBody className="space-y-4">{id === null ? <HowToSend onSent={arrived} /> : <Travelling id={id} />}</CardBody>
    </Card>
  );
}

function HowToSend({ onSent }: { onSent: (id: string) => void }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const firstKey = useFirstKey(tenant.slug);
  const [madeKey, setMadeKey] = useState<string | null>(null);
  const key = tenant.mode === "test" ? (madeKey ?? firstKey) : madeKey;
  const make = useMutation(
    trpc.keys.create.mutationOptions({
      onSuccess: ({ key: text }) => {
        setMadeKey(text);
        if (tenant.mode === "test") rememberFirstKey(tenant.slug, text);
      },
      onError: (error) => toast.bad(failureOf(error).message),
    }),
  );
  const send = useMutation(
    trpc.messages.send.mutationOptions({
      onSuccess: ({ id }) => onSent(id),
      onError: (error) => toast.bad(failureOf(error).message),
    }),
  );
  const isTest = tenant.mode === "test";

  return (
    <>
      <p className="max-w-prose text-ink-muted">
        {isTest
          ? "Paste this into a terminal. It is a test key: the message runs through the whole pipeline and ends in the sandbox, so nobody receives it."
          : "Paste this into a terminal. It is live: the message reaches its address, so put in your own."}
      </p>
      <CodeBlock label="Send a message" code={curlOf({ apiUrl: tenant.apiUrl, key, mode: tenant.mode })} />
      <div className="flex flex-wrap items-center gap-2">
        {isTest && tenant.can("messages.send") && (
          <Button busy={send.isPending} onClick={() => send.mutate({ ...tenant.input, request: sample })}>
            <Send aria-hidden />
            Send it from here
          </Button>
        )}
        {key === null && tenant.can("keys.write") && (
          <Button
            variant="primary"
            busy={make.isPending}
            onClick={() => make.mutate({ ...tenant.input, name: `First ${tenant.mode} key`, scopes: [...scopes] })}
          >
            <KeyRound aria-hidden />
            Make a {tenant.mode} key and put it in
          </Button>
        )}
        {key !== null && (
          <p className="text-ink-muted text-sm">
            Keep the key: it is shown only now. More are made under{" "}
            <TextLink href={tenant.href("keys")}>API keys</TextLink>.
          </p>
        )}
      </div>
    </>
  );
}

const sample = {
  channel: "email",
  recipient: { email: "ann@example.com" },
  content: { subject: "Hello", html: "<h1>Welcome</h1>" },
};

function Travelling({ id }: { id: string }) {
  const tenant = useTenant();
  const story = useMessageStory(id);
  if (!story.data) return <Spinner />;
  const { notification, stages } = story.data;
  return (
    <>
      <StageStrip stages={stages} />
      <p className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Status value={notification.status} />
        <TextLink href={tenant.href(`messages/${id}`)}>See its whole story</TextLink>
        {notification.mode === "live" && tenant.mailboxUrl && (
          <a className="text-accent-ink underline underline-offset-4" href={tenant.mailboxUrl}>
            Open the local mailbox
          </a>
        )}
      </p>
    </>
  );
}
