"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { rememberFirstKey } from "../../../shell/first-key";
import { useTRPC } from "../../../trpc/client";
import { Form, FormField, SubmitButton } from "../../../ui/form";
import { Input } from "../../../ui/input";

const schema = z.object({ name: z.string().trim().min(1, "Name it.").max(100, "Take 100 characters or fewer.") });

/** Founds a tenant and goes there. */
export function FoundForm() {
  const trpc = useTRPC();
  const found = useMutation(trpc.account.foundTenant.mutationOptions());
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { name: "" } });

  async function foundTenant({ name }: z.output<typeof schema>) {
    const { slug, testKey } = await found.mutateAsync({ name });
    rememberFirstKey(slug, testKey);
    window.location.assign(`/${slug}`);
  }

  return (
    <Form form={form} onSubmit={foundTenant}>
      <FormField control={form.control} name="name" label="Name">
        {(field) => <Input {...field} autoComplete="organization" autoFocus />}
      </FormField>
      <SubmitButton size="lg" className="w-full">
        Create tenant
      </SubmitButton>
    </Form>
  );
}
