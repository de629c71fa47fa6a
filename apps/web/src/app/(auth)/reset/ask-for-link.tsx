"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { authClient, orThrow } from "../../../shell/auth-client";
import { Callout } from "../../../ui/callout";
import { Form, FormField, SubmitButton } from "../../../ui/form";
import { Input } from "../../../ui/input";

const schema = z.object({ email: z.email("Give an email address, such as ann@example.com.") });

/** Asks for a link to choose a new password. Never says whether the address is known. */
export function AskForLink() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { email: "" } });

  async function ask({ email }: z.output<typeof schema>) {
    await orThrow(authClient.requestPasswordReset({ email, redirectTo: "/reset" }));
    setSentTo(email);
  }

  if (sentTo) {
    return (
      <Callout tone="good" title="Look into your inbox">
        If {sentTo} has an account here, a link is on its way. It works for an hour.
      </Callout>
    );
  }
  return (
    <Form form={form} onSubmit={ask}>
      <FormField control={form.control} name="email" label="Email">
        {(field) => <Input {...field} type="email" autoComplete="username" autoFocus />}
      </FormField>
      <SubmitButton size="lg" className="w-full">
        Send the link
      </SubmitButton>
    </Form>
  );
}
