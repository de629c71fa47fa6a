"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useForm } from "react-hook-form";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Callout } from "../../../ui/callout";
import { Checkbox } from "../../../ui/checkbox";
import { failureOf } from "../../../ui/failure";
import { Fold } from "../../../ui/fold";
import { Form, FormActions, FormField, SubmitButton } from "../../../ui/form";
import { Input } from "../../../ui/input";
import { toast } from "../../../ui/toast";
import type { AccountValues } from "./account-values";
import { configOf, initialValues, type SettingSchema, WrongSettings } from "./config-values";
import type { Account, ProviderType } from "./provider-words";
import { SettingFields } from "./setting-field";

type Stored = Pick<Account, "id" | "name" | "channels" | "config" | "weight" | "rate">;

/** Makes or changes an account, with a form drawn from its provider's schema. The provider is asked about credentials. */
export function AccountForm(props: {
  type: ProviderType;
  /** The account to change; null makes one. */
  account: Stored | null;
  /** Where a new one stands among the others. */
  order?: number;
  onSaved: (id: string) => void;
  /** Beside the button that saves. */
  actions: ReactNode;
}) {
  const { type, account, order = 0, onSaved, actions } = props;
  const schema = type.config as SettingSchema;
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const create = useMutation(trpc.providers.create.mutationOptions());
  const update = useMutation(trpc.providers.update.mutationOptions());
  const [refused, setRefused] = useState<string[]>([]);
  const form = useForm<AccountValues>({
    defaultValues: {
      name: account?.name ?? type.name,
      channels: account?.channels ?? type.channels,
      weight: String(account?.weight ?? 100),
      rate: { perSecond: String(account?.rate?.perSecond ?? ""), burst: String(account?.rate?.burst ?? "") },
      config: initialValues(schema, account?.config ?? null),
    },
  });
  const hasAdvanced = Object.values(schema.properties ?? {}).some(({ advanced }) => advanced);

  async function save(values: AccountValues) {
    setRefused([]);
    const config = configOf(schema, values.config, account?.config ?? null);
    const wishes = {
      name: values.name,
      channels: values.channels,
      weight: weightOf(values.weight),
      rate: rateOf(values.rate),
    };
    try {
      const saved = account
        ? await update.mutateAsync({
            ...{ ...tenant.input, id: account.id, ...wishes },
            ...(Object.keys(config).length > 0 && { config }),
          })
        : await create.mutateAsync({
            ...{ ...tenant.input, provider: type.id, ...wishes, order, config },
            rate: wishes.rate ?? undefined,
          });
      if (saved.checked)
        toast.good(`${saved.name} is saved`, { description: `${type.name} confirmed the credentials.` });
      else
        toast.good(
          `${saved.name} is saved`,
          saved.checkReason ? { description: `Not confirmed: ${saved.checkReason}.` } : {},
        );
      await queryClient.invalidateQueries({ queryKey: trpc.providers.pathKey() });
      onSaved(saved.id);
    } catch (error) {
      const failure = failureOf(error);
      const general = failure.errors?.filter(({ pointer }) => pointer === "/config") ?? [];
      if (general.length === 0) throw error;
      setRefused(
        failure.code === "credentials_refused" ? [failure.message] : general.map(({ message }) => sentenceOf(message)),
      );
      const rest = failure.errors?.filter(({ pointer }) => pointer !== "/config") ?? [];
      if (rest.length > 0) throw new WrongSettings([...rest]);
    }
  }

  return (
    <Form form={form} onSubmit={save}>
      {refused.length > 0 && (
        <Callout tone="bad" title={account ? "Not saved" : `${type.name} was not added`}>
          {refused.join(" ")}
        </Callout>
      )}
      <FormField control={form.control} name="name" label="Name" help="For your team: it is shown in the list.">
        {(field) => <Input {...field} autoComplete="off" />}
      </FormField>
      <SettingFields control={form.control} path="config" schema={schema} stored={account?.config} />
      {type.channels.length > 1 && (
        <FormField control={form.control} name="channels" label="Serves" group>
          {(field) => (
            <div className="flex flex-wrap gap-4">
              {type.channels.map((channel) => (
                <Checkbox
                  key={channel}
                  label={channelNames[channel] ?? channel}
                  checked={field.value.includes(channel)}
                  onCheckedChange={(checked) =>
                    field.onChange(
                      type.channels.filter((one) => (one === channel ? checked : field.value.includes(one))),
                    )
                  }
                />
              ))}
            </div>
          )}
        </FormField>
      )}
      <Fold title="Limits and more settings" open={Object.keys(form.formState.errors).length > 0 || undefined}>
        <div className="space-y-5 pt-3">
          <div className="grid gap-5 sm:grid-cols-3">
            <FormField
              control={form.control}
              name="rate.perSecond"
              label="Per second"
              optional
              help="Most deliveries; of SMS, segments."
            >
              {(field) => <Input {...field} inputMode="decimal" placeholder="No limit" />}
            </FormField>
            <FormField control={form.control} name="rate.burst" label="At once" optional help="After a pause.">
              {(field) => <Input {...field} inputMode="numeric" placeholder="A second's" />}
            </FormField>
            <FormField control={form.control} name="weight" label="Weight" help="Its share among those tried together.">
              {(field) => <Input {...field} inputMode="numeric" />}
            </FormField>
          </div>
          {hasAdvanced && (
            <SettingFields control={form.control} path="config" schema={schema} stored={account?.config} advanced />
          )}
        </div>
      </Fold>
      <FormActions>
        {actions}
        <SubmitButton>{account ? "Save changes" : `Add ${type.name}`}</SubmitButton>
      </FormActions>
    </Form>
  );
}

function weightOf(text: string): number {
  const weight = Number(text);
  if (!Number.isInteger(weight) || weight < 1)
    throw new WrongSettings([{ pointer: "/weight", message: "Must be a whole number from 1 on." }]);
  return weight;
}

function rateOf({ perSecond, burst }: AccountValues["rate"]): { perSecond: number; burst?: number } | null {
  if (perSecond.trim() === "") return null;
  const [rate, most] = [Number(perSecond), Number(burst || Number.NaN)];
  if (Number.isNaN(rate)) throw new WrongSettings([{ pointer: "/rate/perSecond", message: "Must be a number." }]);
  if (burst.trim() !== "" && Number.isNaN(most))
    throw new WrongSettings([{ pointer: "/rate/burst", message: "Must be a number." }]);
  return { perSecond: rate, ...(burst.trim() !== "" && { burst: most }) };
}

/** `must have from or …` as a sentence about the account. */
function sentenceOf(message: string): string {
  return /^must /.test(message) ? `The settings ${message}.` : message;
}
