"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { authClient, orThrow } from "../../shell/auth-client";
import { useTRPC } from "../../trpc/client";
import { ButtonLink } from "../../ui/button";
import { Card, CardBody } from "../../ui/card";
import { Form, FormActions, FormField, SubmitButton } from "../../ui/form";
import { Input } from "../../ui/input";
import { Section } from "../../ui/section";
import { toast } from "../../ui/toast";
import { newPassword } from "../(auth)/new-password";

const shape = z.object({
  currentPassword: z.string().min(1, "Give the password you have now."),
  newPassword,
});
const empty = { currentPassword: "", newPassword: "" };

/** Another password; every other browser is signed out with it. */
export function Password({ hasPassword }: { hasPassword: boolean }) {
  return (
    <Section title="Password">
      <Card>
        <CardBody>
          {hasPassword ? (
            <PasswordForm />
          ) : (
            <div className="flex flex-wrap items-center justify-between gap-3">
              <p className="max-w-prose text-sm">You sign in with single sign-on and have no password here.</p>
              <ButtonLink href="/reset">Choose one</ButtonLink>
            </div>
          )}
        </CardBody>
      </Card>
    </Section>
  );
}

function PasswordForm() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const form = useForm({ resolver: zodResolver(shape), defaultValues: empty });

  async function change(values: z.output<typeof shape>) {
    await orThrow(authClient.changePassword({ ...values, revokeOtherSessions: true }));
    form.reset(empty);
    toast.good("Password changed", { description: "Every other browser is signed out." });
    await queryClient.invalidateQueries({ queryKey: trpc.sessions.pathKey() });
  }

  return (
    <Form form={form} onSubmit={change}>
      <div className="grid gap-5 sm:grid-cols-2">
        <FormField control={form.control} name="currentPassword" label="Password now">
          {(field) => <Input {...field} type="password" autoComplete="current-password" />}
        </FormField>
        <FormField control={form.control} name="newPassword" label="New password" help="Ten characters or more.">
          {(field) => <Input {...field} type="password" autoComplete="new-password" />}
        </FormField>
      </div>
      <FormActions>
        <SubmitButton variant="secondary">Change password</SubmitButton>
      </FormActions>
    </Form>
  );
}
