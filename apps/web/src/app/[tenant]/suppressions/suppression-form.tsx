"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { DialogActions, Form, FormField, SubmitButton } from "../../../ui/form";
import { Input } from "../../../ui/input";
import { Select } from "../../../ui/select";
import { Textarea } from "../../../ui/textarea";
import { toast } from "../../../ui/toast";

/** What an address of each channel looks like. */
const examples: Record<string, string> = {
  email: "ann@example.com",
  sms: "+14155550100",
  whatsapp: "+14155550100",
  push: "A device's token",
  in_app: "Your own id of the recipient",
  webhook: "https://example.com/hook",
  chat: "https://hooks.slack.com/services/…",
};

const channelOptions = Object.entries(channelNames).map(([value, label]) => ({ value, label }));

const shape = z.object({
  channel: z.string(),
  address: z.string().trim().min(1, "Give the address."),
  category: z.string().trim(),
  detail: z.string().trim().max(1_000, "At most 1,000 characters."),
});

/** One address, and what is withheld from it. */
export function SuppressionForm({ onDone }: { onDone: () => void }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const create = useMutation(
    trpc.suppressions.create.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.suppressions.pathKey() }),
    }),
  );
  const categories = useQuery(trpc.suppressions.categories.queryOptions(tenant.input)).data ?? [];
  const form = useForm({
    resolver: zodResolver(shape),
    defaultValues: { channel: "email", address: "", category: "", detail: "" },
  });

  async function add({ channel, address, category, detail }: z.output<typeof shape>) {
    const fields = { channel, address, category: category || null, detail: detail || null };
    const { reason } = await create.mutateAsync({ ...tenant.input, ...fields });
    toast.good(reason === "manual" ? "Suppressed" : "It was suppressed already", { description: address });
    onDone();
  }

  return (
    <Form form={form} onSubmit={add}>
      <FormField control={form.control} name="channel" label="Channel">
        {(field) => <Select {...field} options={channelOptions} />}
      </FormField>
      <FormField control={form.control} name="address" label="Address">
        {(field) => (
          <Input
            {...field}
            placeholder={examples[form.watch("channel")]}
            autoComplete="off"
            spellCheck={false}
            autoFocus
          />
        )}
      </FormField>
      <FormField
        control={form.control}
        name="category"
        label="Category"
        optional
        help="The key of a category, such as offers: then only that is withheld. Empty: everything."
      >
        {(field) => (
          <>
            <Input {...field} list="suppression-categories" autoComplete="off" placeholder="Everything" />
            <datalist id="suppression-categories">
              {categories.map(({ key, name }) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
            </datalist>
          </>
        )}
      </FormField>
      <FormField control={form.control} name="detail" label="Note" optional help="For whoever reads the list.">
        {(field) => <Textarea {...field} rows={2} placeholder="Asked by phone" />}
      </FormField>
      <DialogActions>
        <SubmitButton>Suppress</SubmitButton>
      </DialogActions>
    </Form>
  );
}
