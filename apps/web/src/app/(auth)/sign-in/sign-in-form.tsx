"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { authClient, orThrow } from "../../../shell/auth-client";
import { Form, FormField, SubmitButton } from "../../../ui/form";
import { Input } from "../../../ui/input";
import { TextLink } from "../../../ui/text-link";
import { SecondFactorForm } from "./second-factor-form";

const schema = z.object({
  email: z.email("Give an email address, such as ann@example.com."),
  password: z.string().min(1, "Give your password."),
});

/** Email and password; then the second factor of those who have one. The next page is loaded anew, as the signed-in person. */
export function SignInForm({ next }: { next: string }) {
  const [needsSecondFactor, setNeedsSecondFactor] = useState(false);
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { email: "", password: "" } });

  async function signIn(values: z.output<typeof schema>) {
    const answer = await orThrow(authClient.signIn.email(values));
    if (answer && "twoFactorRedirect" in answer && answer.twoFactorRedirect) setNeedsSecondFactor(true);
    else window.location.assign(next);
  }

  if (needsSecondFactor) return <SecondFactorForm onDone={() => window.location.assign(next)} />;
  return (
    <Form form={form} onSubmit={signIn}>
      <FormField control={form.control} name="email" label="Email">
        {(field) => <Input {...field} type="email" autoComplete="username" autoFocus />}
      </FormField>
      <FormField
        control={form.control}
        name="password"
        label="Password"
        aside={<TextLink href="/reset">Forgot it?</TextLink>}
      >
        {(field) => <Input {...field} type="password" autoComplete="current-password" />}
      </FormField>
      <SubmitButton size="lg" className="w-full">
        Sign in
      </SubmitButton>
    </Form>
  );
}
