"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Mode, modeSchema } from "@tidings/shared/modes";
import { type Scope, scopes } from "@tidings/shared/scopes";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Checkbox } from "../../../ui/checkbox";
import { DialogActions, Form, FormField, SubmitButton } from "../../../ui/form";
import { Input } from "../../../ui/input";
import { RadioGroup } from "../../../ui/radio-group";
import { Select } from "../../../ui/select";
import { scopeWords } from "./key-words";

/** A key that was just made, with its secret. */
export interface MadeKey {
  name: string;
  mode: Mode;
  scopes: Scope[];
  key: string;
}

const expiries = [
  { value: "never", label: "Never" },
  { value: "7", label: "In 7 days" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
  { value: "date", label: "On a day of your choice" },
] as const;

const dayMs = 86_400_000;

const shape = z
  .object({
    name: z.string().trim().min(1, "Name the service that will use it.").max(100),
    mode: modeSchema,
    scopes: z.array(z.enum(scopes)).min(1, "Choose at least one thing it may do."),
    expires: z.enum(["never", "7", "30", "90", "365", "date"]),
    day: z.string(),
  })
  .refine(({ expires, day }) => expires !== "date" || new Date(`${day}T23:59:59`).getTime() > Date.now(), {
    path: ["day"],
    message: "Choose a day that is not past.",
  });

function expiresAtOf({ expires, day }: z.output<typeof shape>): string | null {
  if (expires === "never") return null;
  if (expires === "date") return new Date(`${day}T23:59:59`).toISOString();
  return new Date(Date.now() + Number(expires) * dayMs).toISOString();
}

/** What a key may do, where, and how long. */
export function KeyForm({ onMade }: { onMade: (made: MadeKey) => void }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const create = useMutation(
    trpc.keys.create.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.keys.pathKey() }),
    }),
  );
  const { isVerified, email } = tenant.person;
  const form = useForm({
    resolver: zodResolver(shape),
    defaultValues: {
      name: "",
      mode: isVerified ? tenant.mode : ("test" as const),
      scopes: ["send", "read"] as Scope[],
      expires: "never" as const,
      day: "",
    },
  });

  async function make(values: z.output<typeof shape>) {
    const { name, mode, scopes } = values;
    const { slug } = tenant;
    onMade(await create.mutateAsync({ tenant: slug, mode, name, scopes, expiresAt: expiresAtOf(values) }));
  }

  return (
    <Form form={form} onSubmit={make}>
      <FormField control={form.control} name="name" label="Name" help="What will call the API with it.">
        {(field) => <Input {...field} placeholder="Checkout service" autoComplete="off" autoFocus />}
      </FormField>
      <FormField
        control={form.control}
        name="mode"
        label="Mode"
        group
        help={!isVerified && `To make live keys, confirm your address first: open the link we sent to ${email}.`}
      >
        {(field) => (
          <RadioGroup
            label="Mode"
            look="cards"
            value={field.value}
            onValueChange={field.onChange}
            options={[
              {
                value: "test",
                label: "Test",
                help: "Runs the whole pipeline and ends in the sandbox. Nobody is reached.",
              },
              {
                value: "live",
                label: "Live",
                disabled: !isVerified,
                help: "Reaches people, through your providers.",
              },
            ]}
          />
        )}
      </FormField>
      <FormField control={form.control} name="scopes" label="It may" group>
        {(field) => (
          <div className="space-y-2">
            {scopes.map((scope) => (
              <Checkbox
                key={scope}
                name={field.name}
                label={<span className="font-mono text-sm">{scope}</span>}
                help={scopeWords[scope]}
                checked={field.value.includes(scope)}
                onCheckedChange={(checked) =>
                  field.onChange(scopes.filter((one) => (one === scope ? checked : field.value.includes(one))))
                }
              />
            ))}
          </div>
        )}
      </FormField>
      <div className="grid gap-5 sm:grid-cols-2">
        <FormField control={form.control} name="expires" label="Expires">
          {(field) => <Select {...field} options={expiries} />}
        </FormField>
        {form.watch("expires") === "date" && (
          <FormField control={form.control} name="day" label="Last day">
            {(field) => <Input {...field} type="date" />}
          </FormField>
        )}
      </div>
      <DialogActions>
        <SubmitButton>Create key</SubmitButton>
      </DialogActions>
    </Form>
  );
}
