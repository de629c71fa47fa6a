"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { Callout } from "../../../ui/callout";
import { Dialog, DialogClose } from "../../../ui/dialog";
import { Form, FormActions, FormField, SubmitButton } from "../../../ui/form";
import { formatDuration } from "../../../ui/format-number";
import { IdChip } from "../../../ui/id-chip";
import { Input } from "../../../ui/input";
import { Select } from "../../../ui/select";
import { addressExamples } from "./provider-words";

interface TestProps {
  id: string;
  name: string;
  channels: readonly string[];
}

/** Really sends one message through an account, and shows what the provider said. */
export function TestAccount(props: TestProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      trigger={
        <Button variant="primary">
          <Send aria-hidden />
          Send a test
        </Button>
      }
      open={open}
      onOpenChange={setOpen}
      title={`Send a test through ${props.name}`}
      description="One real message, at once. It is not recorded and not billed."
    >
      <TestForm {...props} />
    </Dialog>
  );
}

const outcomes = {
  sent: { tone: "good", title: "The provider took it" },
  deferred: { tone: "warn", title: "The provider asked to try again later" },
  busy: { tone: "warn", title: "The account had no connection free" },
  rejected: { tone: "bad", title: "The provider refused it" },
} as const;

function TestForm({ id, channels }: TestProps) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const test = useMutation(trpc.providers.test.mutationOptions());
  const [channel = "email"] = channels;
  const form = useForm({
    defaultValues: { channel, to: channel === "email" ? tenant.person.email : "" },
  });

  async function send({ channel, to }: { channel: string; to: string }) {
    test.reset();
    await test.mutateAsync({ ...tenant.input, id, channel, to: to.trim() });
    await queryClient.invalidateQueries({ queryKey: trpc.providers.pathKey() });
  }

  const result = test.data;
  return (
    <Form form={form} onSubmit={send}>
      {channels.length > 1 && (
        <FormField control={form.control} name="channel" label="Channel">
          {(field) => (
            <Select {...field} options={channels.map((one) => ({ value: one, label: channelNames[one] ?? one }))} />
          )}
        </FormField>
      )}
      <FormField control={form.control} name="to" label="To">
        {(field) => (
          <Input
            {...field}
            placeholder={addressExamples[form.watch("channel")]}
            autoComplete="off"
            spellCheck={false}
          />
        )}
      </FormField>
      {result && (
        <div aria-live="polite">
          <Callout
            tone={outcomes[result.outcome].tone}
            title={`${outcomes[result.outcome].title}, in ${formatDuration(result.durationMs)}`}
          >
            {result.reason}
            {result.providerMessageId && (
              <span className="flex flex-wrap items-center gap-1">
                Its id there <IdChip id={result.providerMessageId} length={32} />
              </span>
            )}
          </Callout>
        </div>
      )}
      <FormActions>
        <DialogClose>
          <Button>Close</Button>
        </DialogClose>
        <SubmitButton>{result ? "Send again" : "Send test"}</SubmitButton>
      </FormActions>
    </Form>
  );
}
