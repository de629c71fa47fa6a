"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { Button } from "../../../../ui/button";
import { ConfirmDialog } from "../../../../ui/confirm-dialog";
import { Dialog } from "../../../../ui/dialog";
import { DialogActions, Form, FormField, SubmitButton } from "../../../../ui/form";
import { formatCount } from "../../../../ui/format-number";
import { Input } from "../../../../ui/input";
import { toast } from "../../../../ui/toast";
import type { ChannelLimit } from "./limit-answers";
import { wholeNumber } from "./whole-number";

/** Sets how fast the tenant sends on a channel. */
export function EditChannelLimit({ limit, name }: { limit: ChannelLimit; name: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title={`How fast to send on ${name}`}
      description="Takes effect at once, also for what already waits."
      size="sm"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button size="sm" aria-label={`${limit.own ? "Change" : "Set"} the limit of ${name}`}>
          {limit.own ? "Change" : "Set"}
        </Button>
      }
    >
      <LimitForm limit={limit} name={name} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function LimitForm({ limit, name, onDone }: { limit: ChannelLimit; name: string; onDone: () => void }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const set = useMutation(
    trpc.limits.setChannel.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.limits.pathKey() }),
    }),
  );
  const form = useForm({
    defaultValues: { perSecond: String(limit.own?.perSecond ?? ""), burst: String(limit.own?.burst ?? "") },
  });

  async function save(values: { perSecond: string; burst: string }) {
    const burst = wholeNumber(values.burst);
    await set.mutateAsync({
      ...{ ...tenant.input, channel: limit.channel, perSecond: wholeNumber(values.perSecond) ?? 0 },
      ...(burst !== null && { burst }),
    });
    toast.good(`${name} is limited now`);
    onDone();
  }

  return (
    <Form form={form} onSubmit={save}>
      <FormField
        control={form.control}
        name="perSecond"
        label="Deliveries a second"
        help={limit.most === null ? undefined : `At most ${formatCount(limit.most.perSecond)}.`}
      >
        {(field) => <Input {...field} inputMode="numeric" autoFocus />}
      </FormField>
      <FormField
        control={form.control}
        name="burst"
        label="Burst"
        optional
        help="How many may go at once after a pause. Empty: as many as in a second."
      >
        {(field) => <Input {...field} inputMode="numeric" />}
      </FormField>
      <DialogActions>
        <SubmitButton>Save limit</SubmitButton>
      </DialogActions>
    </Form>
  );
}

/** Lifts the team's own limit on a channel; the operator's or the plan's stays. */
export function RemoveChannelLimit({ limit, name }: { limit: ChannelLimit; name: string }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.limits.removeChannel.mutationOptions({
      onSuccess: () => {
        toast.good(`Lifted your limit on ${name}`);
        return queryClient.invalidateQueries({ queryKey: trpc.limits.pathKey() });
      },
    }),
  );
  return (
    <ConfirmDialog
      title={`Lift your limit on ${name}?`}
      description={
        limit.most === null
          ? "Messages go out as fast as providers take them, also those that already wait."
          : `Messages go out at ${formatCount(limit.most.perSecond)} a second, also those that already wait.`
      }
      action="Lift limit"
      onConfirm={() => remove.mutateAsync({ ...tenant.input, channel: limit.channel })}
      trigger={
        <Button size="sm" variant="ghost" aria-label={`Lift the limit of ${name}`}>
          Lift
        </Button>
      }
    />
  );
}
