"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { authClient, orThrow } from "../../../shell/auth-client";
import { ButtonLink } from "../../../ui/button";
import { Callout } from "../../../ui/callout";
import { Form, FormField, SubmitButton } from "../../../ui/form";
import { Input } from "../../../ui/input";
import { newPassword } from "../new-password";

const schema = z.object({ password: newPassword });

/** Sets the password of whoever holds the link. */
export function ChoosePassword({ token }: { token: string }) {
  const [isDone, setIsDone] = useState(false);
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { password: "" } });

  async function choose({ password }: z.output<typeof schema>) {
    await orThrow(authClient.resetPassword({ newPassword: password, token }));
    setIsDone(true);
  }

  if (isDone) {
    return (
      <Callout tone="good" title="Your password is changed" action={<ButtonLink href="/sign-in">Sign in</ButtonLink>} />
    );
  }
  return (
    <Form form={form} onSubmit={choose}>
      <FormField control={form.control} name="password" label="New password" help="Ten characters or more.">
        {(field) => <Input {...field} type="password" autoComplete="new-password" autoFocus />}
      </FormField>
      <SubmitButton size="lg" className="w-full">
        Change the password
      </SubmitButton>
    </Form>
  );
}
