"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { channelNames } from "../../../../shell/channel-names";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { Button, ButtonLink } from "../../../../ui/button";
import { Dialog } from "../../../../ui/dialog";
import { failureOf } from "../../../../ui/failure";
import { DialogActions, Form, FormField, SubmitButton } from "../../../../ui/form";
import { IdChip } from "../../../../ui/id-chip";
import { Input } from "../../../../ui/input";
import { RadioGroup } from "../../../../ui/radio-group";
import { Select } from "../../../../ui/select";
import { channelsOf, type Template, type TemplateContent } from "../template-words";

export interface TestSendProps {
  template: Template;
  draft: TemplateContent;
  channel: string;
  locale: string;
  data: Record<string, unknown>;
}

/** Sends it to one address, with the sample data: through the whole pipeline, to see it arrive. */
export function TestSend(props: TestSendProps) {
  const tenant = useTenant();
  const [open, setOpen] = useState(false);
  const [sent, setSent] = useState<string | null>(null);
  const live = tenant.mode === "live";

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (next) setSent(null);
      }}
      trigger={
        <Button>
          <Send aria-hidden />
          Test send
        </Button>
      }
      title={sent ? "On its way" : "Send a test"}
      description={
        sent
          ? undefined
          : live
            ? "You are in live mode: it goes through your providers, reaches the address and counts."
            : "You are in test mode: it runs through the whole pipeline and ends in the sandbox. Nobody is reached."
      }
      footer={
        sent && (
          <>
            <Button onClick={() => setSent(null)}>Send another</Button>
            <ButtonLink variant="primary" href={tenant.href(`messages/${sent}`)}>
              See the message
            </ButtonLink>
          </>
        )
      }
    >
      {sent ? (
        <div className="space-y-3">
          <p className="flex flex-wrap items-center gap-2">
            Accepted as <IdChip id={sent} />
          </p>
          {tenant.mailboxUrl && props.channel === "email" && (
            <p className="text-ink-muted">
              <a
                href={tenant.mailboxUrl}
                target="_blank"
                rel="noreferrer"
                className="text-accent-ink underline underline-offset-4"
              >
                Open the local mailbox
              </a>{" "}
              to read it.
            </p>
          )}
        </div>
      ) : (
        <TestSendForm {...props} onSent={setSent} />
      )}
    </Dialog>
  );
}

const shape = z.object({
  what: z.enum(["draft", "published"]),
  channel: z.string(),
  kind: z.enum(["address", "recipient"]),
  to: z.string().trim().min(1, "Say where it should go."),
});

/** What an address is, by channel; a channel without one reaches stored recipients only. */
const addresses: Readonly<Record<string, { label: string; placeholder: string }>> = {
  email: { label: "Email address", placeholder: "ann@example.com" },
  sms: { label: "Phone number", placeholder: "+14155550100" },
  whatsapp: { label: "Phone number", placeholder: "+14155550100" },
  push: { label: "Device token", placeholder: "" },
  webhook: { label: "URL", placeholder: "https://example.com/hook" },
  chat: { label: "URL of an incoming webhook", placeholder: "https://hooks.slack.com/services/…" },
};

function TestSendForm({
  template,
  draft,
  channel,
  locale,
  data,
  onSent,
}: TestSendProps & { onSent: (id: string) => void }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const send = useMutation(trpc.templates.sendTest.mutationOptions());
  const form = useForm({
    resolver: zodResolver(shape),
    defaultValues: {
      what: "draft" as z.output<typeof shape>["what"],
      channel,
      kind: (addresses[channel] ? "address" : "recipient") as z.output<typeof shape>["kind"],
      to: channel === "email" ? tenant.person.email : "",
    },
  });
  const [chosen, kind, what] = form.watch(["channel", "kind", "what"]);
  const address = addresses[chosen];
  const isRecipient = kind === "recipient" || !address;
  const content = what === "published" && template.published ? template.published.content : draft;

  async function submit({ what, channel, to }: z.output<typeof shape>) {
    const whom = isRecipient ? { recipientId: to } : { address: to };
    const wish = { channel, to: whom, locale, data, ...(what === "draft" && { draft }) };
    const { id } = await send.mutateAsync({ ...tenant.input, key: template.key, ...wish }).catch(tellWhere);
    onSent(id);
  }

  return (
    <Form form={form} onSubmit={submit}>
      {template.published && (
        <FormField control={form.control} name="what" label="What" group>
          {(field) => (
            <RadioGroup
              label="What"
              value={field.value}
              onValueChange={field.onChange}
              options={[
                { value: "draft", label: "The draft, as it is now" },
                { value: "published", label: `Version ${template.published?.version}, as your backend would send it` },
              ]}
            />
          )}
        </FormField>
      )}
      <div className="grid gap-5 sm:grid-cols-2">
        <FormField control={form.control} name="channel" label="Channel">
          {(field) => (
            <Select
              {...field}
              onChange={(event) => {
                field.onChange(event);
                form.setValue("to", event.target.value === "email" ? tenant.person.email : "");
                form.setValue("kind", addresses[event.target.value] ? "address" : "recipient");
              }}
              options={channelsOf(content).map((id) => ({ value: id, label: channelNames[id] ?? id }))}
            />
          )}
        </FormField>
        <FormField control={form.control} name="kind" label="To">
          {(field) => (
            <Select
              {...field}
              options={[
                { value: "address", label: address?.label ?? "Address", disabled: !address },
                { value: "recipient", label: "Stored recipient" },
              ]}
            />
          )}
        </FormField>
      </div>
      <FormField
        control={form.control}
        name="to"
        label={isRecipient ? "Id of the recipient" : address.label}
        help="Filled in with the sample data of this page."
      >
        {(field) => (
          <Input
            {...field}
            placeholder={isRecipient ? "usr_42" : address.placeholder}
            autoComplete="off"
            spellCheck={false}
          />
        )}
      </FormField>
      <DialogActions>
        <SubmitButton>{tenant.mode === "live" ? "Send it live" : "Send test"}</SubmitButton>
      </DialogActions>
    </Form>
  );
}

/** What is wrong is in the sample data, or the address: not in fields of this form by the same name. */
function tellWhere(thrown: unknown): never {
  const { message, errors = [] } = failureOf(thrown);
  if (errors.length === 0) throw thrown;
  throw new Error(`${message} ${errors.map((error) => `${error.pointer.slice(1)} ${error.message}`).join("; ")}.`);
}
