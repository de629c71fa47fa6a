"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { authClient, orThrow } from "../../shell/auth-client";
import { Card, CardBody } from "../../ui/card";
import { Field } from "../../ui/field";
import { Form, FormActions, FormField, SubmitButton } from "../../ui/form";
import { Input } from "../../ui/input";
import { Section } from "../../ui/section";
import { Status } from "../../ui/status";
import { toast } from "../../ui/toast";

const shape = z.object({ name: z.string().trim().min(1, "Say what we should call you.").max(100) });

/** What one is called, and the address one signs in with. */
export function Profile({ name, email, isVerified }: { name: string; email: string; isVerified: boolean }) {
  const router = useRouter();
  const form = useForm({ resolver: zodResolver(shape), defaultValues: { name } });

  async function save(values: z.output<typeof shape>) {
    await orThrow(authClient.updateUser({ name: values.name }));
    form.reset(values);
    toast.good("Saved");
    router.refresh();
  }

  return (
    <Section title="Profile">
      <Card>
        <CardBody>
          <Form form={form} onSubmit={save}>
            <FormField
              control={form.control}
              name="name"
              label="Name"
              help="Your team reads it, and people you invite."
            >
              {(field) => <Input {...field} autoComplete="name" />}
            </FormField>
            <Field
              label="Email"
              help="You sign in with it."
              aside={isVerified ? <Status tone="good">Confirmed</Status> : <Status tone="warn">Not confirmed</Status>}
            >
              <Input value={email} readOnly autoComplete="email" />
            </Field>
            <FormActions>
              <SubmitButton disabled={!form.formState.isDirty}>Save</SubmitButton>
            </FormActions>
          </Form>
        </CardBody>
      </Card>
    </Section>
  );
}
