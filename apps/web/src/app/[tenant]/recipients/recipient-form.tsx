"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useMemo } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Combobox } from "../../../ui/combobox";
import { Form, FormActions, FormField, SubmitButton } from "../../../ui/form";
import { Input } from "../../../ui/input";
import { Textarea } from "../../../ui/textarea";
import { addressKinds, type Recipient } from "./recipient-words";

const text = z.string().trim();
const shape = z.object({
  id: text.min(1, "Enter your own id of the person.").max(128),
  email: text,
  phone: text,
  chatUrl: text,
  url: text,
  locale: text,
  timeZone: z.string(),
  data: text.transform((json, context) => {
    const parsed = objectOf(json);
    if (parsed) return parsed;
    context.addIssue({ code: "custom", message: 'Write one JSON object, such as { "plan": "pro" }.' });
    return z.NEVER;
  }),
});

function objectOf(json: string): Record<string, unknown> | null {
  if (json === "") return {};
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null; // half-written JSON is an expected answer here
  }
}

/** All that is known of a recipient. Their devices register themselves and stay as they are. */
export function RecipientForm(props: { recipient: Recipient | undefined; onSaved: (after: Recipient) => unknown }) {
  const { recipient, onSaved } = props;
  const tenant = useTenant();
  const trpc = useTRPC();
  const create = useMutation(trpc.recipients.create.mutationOptions());
  const update = useMutation(trpc.recipients.update.mutationOptions());
  const zones = useMemo(
    () => ["UTC", ...Intl.supportedValuesOf("timeZone")].map((zone) => ({ value: zone, label: zone })),
    [],
  );
  const { addresses = {}, data = {} } = recipient ?? {};
  const form = useForm({
    resolver: zodResolver(shape),
    defaultValues: {
      id: recipient?.id ?? "",
      email: addresses.email ?? "",
      phone: addresses.phone ?? "",
      chatUrl: addresses.chatUrl ?? "",
      url: addresses.url ?? "",
      locale: recipient?.locale ?? "",
      timeZone: recipient?.timeZone ?? "",
      data: Object.keys(data).length > 0 ? JSON.stringify(data, null, 2) : "",
    },
  });

  async function save({ id, locale, timeZone, data, ...given }: z.output<typeof shape>) {
    const filled = Object.fromEntries(Object.entries(given).map(([field, address]) => [field, address || null]));
    const facts = { ...filled, locale: locale || null, timeZone: timeZone || null, data };
    const { mutateAsync } = recipient ? update : create;
    await onSaved(await mutateAsync({ ...tenant.input, id: recipient?.id ?? id, ...facts }));
  }

  return (
    <Form form={form} onSubmit={save}>
      {!recipient && (
        <FormField
          control={form.control}
          name="id"
          label="Id"
          help="What your other systems call the person. It cannot be changed later."
        >
          {(field) => (
            <Input {...field} placeholder="usr_42" autoComplete="off" spellCheck={false} dir="auto" autoFocus />
          )}
        </FormField>
      )}
      {addressKinds.map(({ field: name, label, placeholder, help }) => (
        <FormField key={name} control={form.control} name={name} label={label} help={help} optional>
          {(field) => <Input {...field} placeholder={placeholder} autoComplete="off" spellCheck={false} />}
        </FormField>
      ))}
      <div className="grid gap-5 sm:grid-cols-2">
        <FormField control={form.control} name="locale" label="Locale" help="The language to write in." optional>
          {(field) => <Input {...field} placeholder="pt-BR" autoComplete="off" spellCheck={false} />}
        </FormField>
        <FormField control={form.control} name="timeZone" label="Time zone" optional>
          {(field) => (
            <Combobox
              options={zones}
              value={field.value || null}
              onValueChange={(zone) => field.onChange(zone ?? "")}
              placeholder="Not known"
              searchPlaceholder="Find a time zone"
            />
          )}
        </FormField>
      </div>
      <FormField
        control={form.control}
        name="data"
        label="Data"
        help="Whatever else you want to keep, as JSON: at most 16 KB. Templates can use it."
        optional
      >
        {(field) => (
          <Textarea {...field} rows={6} placeholder='{ "firstName": "Ann" }' spellCheck={false} className="font-mono" />
        )}
      </FormField>
      <FormActions>
        <SubmitButton>{recipient ? "Save changes" : "Add recipient"}</SubmitButton>
      </FormActions>
    </Form>
  );
}
