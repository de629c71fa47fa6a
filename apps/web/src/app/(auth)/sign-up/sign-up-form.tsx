"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { authClient, orThrow } from "../../../shell/auth-client";
import { rememberFirstKey } from "../../../shell/first-key";
import { useTRPC } from "../../../trpc/client";
import { Form, FormField, SubmitButton } from "../../../ui/form";
import { Input } from "../../../ui/input";
import { newPassword } from "../new-password";

const person = z.object({
  name: z.string().trim().min(1, "Say what to call you.").max(100, "Take 100 characters or fewer."),
  email: z.email("Give an email address, such as ann@example.com."),
  password: newPassword,
});
const founder = person.extend({ tenant: z.string().trim().min(1, "Name your company, product or team.").max(100) });

/** Makes the account; then founds the tenant, or joins the one that invited. */
export function SignUpForm({ invitation }: { invitation: { token: string; email: string } | null }) {
  const trpc = useTRPC();
  const found = useMutation(trpc.account.foundTenant.mutationOptions());
  const accept = useMutation(trpc.account.acceptInvitation.mutationOptions());
  const form = useForm({
    resolver: zodResolver(invitation ? person.extend({ tenant: z.string() }) : founder),
    defaultValues: { name: "", email: invitation?.email ?? "", password: "", tenant: "" },
  });

  async function signUp({ name, email, password, tenant }: z.output<typeof founder>) {
    // A second try, after the tenant's name was refused, finds the account there and the browser signed in.
    if ((await authClient.getSession()).data?.user.email !== email.toLowerCase())
      await orThrow(authClient.signUp.email({ name, email, password, callbackURL: "/verify" }));
    if (invitation) {
      const { slug } = await accept.mutateAsync({ token: invitation.token });
      window.location.assign(`/${slug}`);
      return;
    }
    const { slug, testKey } = await found.mutateAsync({ name: tenant });
    rememberFirstKey(slug, testKey);
    window.location.assign(`/${slug}`);
  }

  return (
    <Form form={form} onSubmit={signUp}>
      <FormField control={form.control} name="name" label="Your name">
        {(field) => <Input {...field} autoComplete="name" autoFocus />}
      </FormField>
      <FormField control={form.control} name="email" label="Email">
        {(field) => <Input {...field} type="email" autoComplete="email" readOnly={invitation !== null} />}
      </FormField>
      <FormField control={form.control} name="password" label="Password" help="Ten characters or more.">
        {(field) => <Input {...field} type="password" autoComplete="new-password" />}
      </FormField>
      {!invitation && (
        <FormField
          control={form.control}
          name="tenant"
          label="Company, product or team"
          help="Becomes your tenant: keys, templates and messages live in it. You can have several."
        >
          {(field) => <Input {...field} autoComplete="organization" />}
        </FormField>
      )}
      <SubmitButton size="lg" className="w-full">
        {invitation ? "Create account and join" : "Create account"}
      </SubmitButton>
    </Form>
  );
}
