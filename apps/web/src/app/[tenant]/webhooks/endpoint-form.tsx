"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { categoryPattern } from "@tidings/shared/key-patterns";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import type { Inputs } from "../../../trpc/answers";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { Checkbox } from "../../../ui/checkbox";
import { Fold } from "../../../ui/fold";
import { Form, FormActions, FormField, SubmitButton } from "../../../ui/form";
import { Input } from "../../../ui/input";
import type { Endpoint } from "./endpoint-words";
import { EventPicker } from "./event-picker";
import { HeaderRows } from "./header-rows";

const wordsOf = (text: string) => text.split(/[\s,]+/).filter(Boolean);

const shape = z.object({
  url: z.url({ protocol: /^https?$/, message: "Enter a URL such as https://example.com/hooks/tidings." }).max(2_048),
  description: z.string().trim().max(500),
  events: z.array(z.string()).min(1, "Choose at least one event."),
  channels: z.array(z.string()),
  categoryText: z
    .string()
    .refine(
      (text) => wordsOf(text).every((word) => categoryPattern.test(word)),
      "Write keys such as order_updates, offers.",
    ),
  headers: z
    .array(z.object({ name: z.string().trim(), value: z.string() }))
    .refine((rows) => rows.every(({ name, value }) => name !== "" || value === ""), "Each header needs a name.")
    .refine(
      (rows) => new Set(rows.map(({ name }) => name.toLowerCase())).size === rows.length,
      "Each header can be there once.",
    ),
  perSecond: z
    .string()
    .trim()
    .refine(
      (text) => text === "" || (Number(text) >= 0.1 && Number(text) <= 1_000),
      "Enter a number from 0.1 to 1000.",
    ),
});
type Values = z.output<typeof shape>;

/** All that can be said of an endpoint. Headers' values are never shown again, so they stay or are replaced. */
export function EndpointForm(props: { endpoint: Endpoint | undefined; onSaved: (after: Endpoint) => unknown }) {
  const { endpoint, onSaved } = props;
  const tenant = useTenant();
  const trpc = useTRPC();
  const create = useMutation(trpc.webhooks.create.mutationOptions());
  const update = useMutation(trpc.webhooks.update.mutationOptions());
  const categories = useQuery(trpc.webhooks.categories.queryOptions(tenant.input));
  const hasHeaders = (endpoint?.headerNames.length ?? 0) > 0;
  const [keepsHeaders, setKeepsHeaders] = useState(hasHeaders);
  const form = useForm({
    resolver: zodResolver(shape),
    defaultValues: {
      url: endpoint?.url ?? "",
      description: endpoint?.description ?? "",
      events: endpoint?.events ?? ["*"],
      channels: endpoint?.channels ?? [],
      categoryText: endpoint?.categories.join(", ") ?? "",
      headers: [] as { name: string; value: string }[],
      perSecond: endpoint?.perSecond == null ? "" : String(endpoint.perSecond),
    },
  });
  const checkUrl = useUrlCheck((message) => form.setError("url", { type: "server", message }));

  async function save(values: Values) {
    const wishes = wishesOf(values, keepsHeaders);
    const after = endpoint
      ? await update.mutateAsync({ ...tenant.input, id: endpoint.id, ...wishes })
      : await create.mutateAsync({ ...tenant.input, ...wishes });
    await onSaved(after);
  }

  return (
    <Form form={form} onSubmit={save}>
      <FormField
        control={form.control}
        name="url"
        label="URL"
        help={
          tenant.mode === "live"
            ? "Where reports are posted: an https address that the internet can reach."
            : "Where reports are posted: http or https. An address that is not public is refused unless this installation allows it."
        }
      >
        {(field) => (
          <Input
            {...field}
            type="url"
            placeholder="https://example.com/hooks/tidings"
            autoComplete="off"
            spellCheck={false}
            autoFocus={!endpoint}
            onBlur={() => {
              field.onBlur();
              void checkUrl(field.value);
            }}
          />
        )}
      </FormField>
      <FormField control={form.control} name="description" label="Description" optional>
        {(field) => <Input {...field} placeholder="Orders service" autoComplete="off" dir="auto" />}
      </FormField>
      <FormField control={form.control} name="events" label="Events" group>
        {(field) => <EventPicker value={field.value} onChange={field.onChange} />}
      </FormField>
      <Fold
        title="Filters, headers and rate"
        open={Boolean(endpoint && (endpoint.channels.length || endpoint.categories.length || hasHeaders))}
      >
        <div className="space-y-5 pt-1">
          <FormField
            control={form.control}
            name="channels"
            label="Only these channels"
            help="None chosen means all. Events about no single channel always come."
            group
          >
            {(field) => (
              <div className="flex flex-wrap gap-x-4 gap-y-2">
                {Object.entries(channelNames).map(([channel, name]) => (
                  <Checkbox
                    key={channel}
                    label={name}
                    checked={field.value.includes(channel)}
                    onCheckedChange={(wanted) =>
                      field.onChange(wanted ? [...field.value, channel] : field.value.filter((one) => one !== channel))
                    }
                  />
                ))}
              </div>
            )}
          </FormField>
          <FormField
            control={form.control}
            name="categoryText"
            label="Only these categories"
            optional
            help={
              categories.data && categories.data.length > 0
                ? `Keys with commas between them. Yours are ${categories.data.map(({ key }) => key).join(", ")}.`
                : "Keys with commas between them; all when empty."
            }
          >
            {(field) => <Input {...field} placeholder="order_updates, offers" autoComplete="off" spellCheck={false} />}
          </FormField>
          <FormField
            control={form.control}
            name="headers"
            label="Custom headers"
            help="Sent with every report. Values are stored encrypted and never shown again."
            group
          >
            {(field) =>
              keepsHeaders ? (
                <div className="flex flex-wrap items-center gap-2">
                  <span className="wrap-anywhere font-mono text-sm">{endpoint?.headerNames.join(", ")}</span>
                  <Button size="sm" onClick={() => setKeepsHeaders(false)}>
                    Replace
                  </Button>
                </div>
              ) : (
                <HeaderRows rows={field.value} onChange={field.onChange} />
              )
            }
          </FormField>
          <FormField
            control={form.control}
            name="perSecond"
            label="Rate limit"
            optional
            help="Requests a second at most. Empty: no limit."
          >
            {(field) => <Input {...field} inputMode="decimal" placeholder="No limit" className="max-w-32" />}
          </FormField>
        </div>
      </Fold>
      <FormActions>
        <SubmitButton>{endpoint ? "Save changes" : "Add endpoint"}</SubmitButton>
      </FormActions>
    </Form>
  );
}

type Wishes = Inputs["webhooks"]["update"];

function wishesOf(values: Values, keepsHeaders: boolean) {
  const { url, description, events, channels, categoryText, headers, perSecond } = values;
  const named = headers.filter(({ name }) => name !== "");
  return {
    url,
    description: description || null,
    events: events as NonNullable<Wishes["events"]>,
    channels: channels as NonNullable<Wishes["channels"]>,
    categories: [...new Set(wordsOf(categoryText))],
    perSecond: perSecond === "" ? null : Number(perSecond),
    ...(!keepsHeaders && {
      headers: named.length > 0 ? Object.fromEntries(named.map(({ name, value }) => [name, value])) : null,
    }),
  };
}

/** Asks the server's outbound guard about a URL that was left, and tells what speaks against it. */
function useUrlCheck(onRefused: (reason: string) => void) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return async (url: string) => {
    if (!URL.canParse(url)) return;
    const asked = trpc.webhooks.checkUrl.queryOptions({ ...tenant.input, url });
    const reason = await queryClient.fetchQuery(asked).catch(() => null); // saving asks again, and tells what is wrong
    if (reason !== null) onRefused(reason);
  };
}
