"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type PlanId, planIds, planOf } from "@tidings/shared/plans";
import { useRouter } from "next/navigation";
import { useForm } from "react-hook-form";
import { useTRPC } from "../../../trpc/client";
import { DialogActions, Form, FormField, SubmitButton } from "../../../ui/form";
import { Input } from "../../../ui/input";
import { Select } from "../../../ui/select";
import { toast } from "../../../ui/toast";

/** Every plan, to choose from. */
export const planOptions = planIds.map((id) => ({ value: id, label: `${planOf(id).name} · ${planOf(id).price}` }));

/** What a tenant begins with, and who owns it. */
export function CreateTenantForm() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const create = useMutation(
    trpc.tenants.create.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.tenants.pathKey() }),
    }),
  );
  const form = useForm<{ name: string; slug: string; plan: PlanId; owner: string }>({
    defaultValues: { name: "", slug: "", plan: "unlimited", owner: "" },
  });

  return (
    <Form
      form={form}
      onSubmit={async ({ slug, ...body }) => {
        const made = await create.mutateAsync({ ...body, ...(slug && { slug }) });
        toast.good(`Created, and invited ${body.owner}`);
        router.push(`/operator/tenants/${made.slug}`);
      }}
    >
      <FormField control={form.control} name="name" label="Name">
        {(field) => <Input {...field} autoFocus autoComplete="off" />}
      </FormField>
      <FormField
        control={form.control}
        name="slug"
        label="Slug"
        optional
        help="In addresses, and never changed. Made from the name when empty."
      >
        {(field) => <Input {...field} autoComplete="off" spellCheck={false} />}
      </FormField>
      <FormField control={form.control} name="owner" label="Owner’s email">
        {(field) => <Input {...field} type="email" autoComplete="off" />}
      </FormField>
      <FormField control={form.control} name="plan" label="Plan">
        {({ value, onChange }) => (
          <Select options={planOptions} value={value} onValueChange={(plan) => onChange(plan)} />
        )}
      </FormField>
      <DialogActions>
        <SubmitButton>Create tenant</SubmitButton>
      </DialogActions>
    </Form>
  );
}
