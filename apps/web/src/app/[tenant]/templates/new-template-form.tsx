"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { templateKeyPattern } from "@tidings/shared/key-patterns";
import { useRouter } from "next/navigation";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { DialogActions, Form, FormField, SubmitButton } from "../../../ui/form";
import { Input } from "../../../ui/input";
import { RadioGroup } from "../../../ui/radio-group";
import { templateExamples } from "./template-examples";

const shape = z.object({
  start: z.string(),
  name: z.string().trim().min(1, "Give it a name people recognise.").max(200),
  key: z.string().regex(templateKeyPattern, "Up to 128 lower-case letters, digits, dots, hyphens or underscores."),
});

/** `Order shipped` → `order_shipped` */
function keyOf(name: string): string {
  const plain = name.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return plain
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "")
    .slice(0, 128);
}

const [first = { id: "", name: "" }] = templateExamples;

/** What a template begins as, and its name. */
export function NewTemplateForm() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const create = useMutation(
    trpc.templates.create.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.templates.pathKey() }),
    }),
  );
  const form = useForm({
    resolver: zodResolver(shape),
    defaultValues: { start: first.id, name: first.name, key: keyOf(first.name) },
  });
  const { touchedFields } = form.formState;

  function rename(name: string) {
    form.setValue("name", name, { shouldValidate: form.formState.isSubmitted });
    if (!touchedFields.key) form.setValue("key", keyOf(name), { shouldValidate: form.formState.isSubmitted });
  }

  async function make({ start, name, key }: z.output<typeof shape>) {
    const example = templateExamples.find(({ id }) => id === start);
    if (!example) throw new Error("Choose what to start from.");
    const { draft, category } = example;
    await create.mutateAsync({ ...tenant.input, key, name, draft, ...(category && { category }) });
    router.push(tenant.href(`templates/${key}`));
  }

  return (
    <Form form={form} onSubmit={make}>
      <FormField control={form.control} name="start" label="Start from" group>
        {(field) => (
          <RadioGroup
            label="Start from"
            look="cards"
            autoFocus
            value={field.value}
            onValueChange={(start) => {
              field.onChange(start);
              if (!touchedFields.name) rename(templateExamples.find(({ id }) => id === start)?.name ?? "");
            }}
            options={templateExamples.map(({ id, label, help }) => ({ value: id, label, help }))}
          />
        )}
      </FormField>
      <FormField control={form.control} name="name" label="Name">
        {(field) => <Input {...field} onChange={(event) => rename(event.target.value)} autoComplete="off" />}
      </FormField>
      <FormField
        control={form.control}
        name="key"
        label="Key"
        help="What your backend sends as “template”. It can't be changed later."
      >
        {(field) => <Input {...field} className="font-mono" autoComplete="off" spellCheck={false} />}
      </FormField>
      <DialogActions>
        <SubmitButton>Create template</SubmitButton>
      </DialogActions>
    </Form>
  );
}
