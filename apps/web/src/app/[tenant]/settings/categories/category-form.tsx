"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { categoryPattern } from "@tidings/shared/key-patterns";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { Checkbox } from "../../../../ui/checkbox";
import { DialogActions, Form, FormField, SubmitButton } from "../../../../ui/form";
import { Input } from "../../../../ui/input";
import { toast } from "../../../../ui/toast";
import type { Category } from "./category";

const shape = z.object({
  key: z.string().trim().regex(categoryPattern, "Up to 64 lower-case letters, digits, dots, hyphens or underscores."),
  name: z.string().trim().min(1, "Say it as people read it.").max(100),
  transactional: z.boolean(),
});

/** All that is known of a category; the key of one that is there stays. */
export function CategoryForm({ category, onDone }: { category: Category | undefined; onDone: () => void }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const put = useMutation(
    trpc.categories.put.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.categories.pathKey() }),
    }),
  );
  const { key = "", name = "", transactional = false } = category ?? {};
  const form = useForm({ resolver: zodResolver(shape), defaultValues: { key, name, transactional } });

  async function save(values: z.output<typeof shape>) {
    await put.mutateAsync({ ...tenant.input, ...values });
    toast.good("Saved", { description: "What is sent from now on heeds it." });
    onDone();
  }

  return (
    <Form form={form} onSubmit={save}>
      <FormField control={form.control} name="name" label="Name" help="As people read it when they unsubscribe.">
        {(field) => <Input {...field} placeholder="Order updates" autoComplete="off" autoFocus />}
      </FormField>
      <FormField control={form.control} name="key" label="Key" help="As templates and requests name it; it stays.">
        {(field) => (
          <Input
            {...field}
            className="font-mono"
            placeholder="order_updates"
            autoComplete="off"
            readOnly={Boolean(category)}
          />
        )}
      </FormField>
      <FormField control={form.control} name="transactional" label="Kind" group>
        {(field) => (
          <Checkbox
            name={field.name}
            label="Transactional"
            help="Part of what the person asked for, such as a receipt or a password reset: it goes out although they unsubscribed. Offers and news never are; mailbox providers and the law take that seriously."
            checked={field.value}
            onChange={field.onChange}
          />
        )}
      </FormField>
      <DialogActions>
        <SubmitButton>{category ? "Save" : "Add category"}</SubmitButton>
      </DialogActions>
    </Form>
  );
}
