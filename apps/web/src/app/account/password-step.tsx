"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { DialogActions, Form, FormField, SubmitButton } from "../../ui/form";
import { Input } from "../../ui/input";

const shape = z.object({ password: z.string().min(1, "Give your password.") });

/** Asks for the password before something of the account's safety changes. */
export function PasswordStep(props: {
  action: string;
  danger?: boolean;
  onSubmit: (password: string) => Promise<void>;
}) {
  const { action, danger = false, onSubmit } = props;
  const form = useForm({ resolver: zodResolver(shape), defaultValues: { password: "" } });
  return (
    <Form form={form} onSubmit={({ password }) => onSubmit(password)}>
      <FormField control={form.control} name="password" label="Your password" help="To be sure it is you.">
        {(field) => <Input {...field} type="password" autoComplete="current-password" autoFocus />}
      </FormField>
      <DialogActions>
        <SubmitButton variant={danger ? "danger" : "primary"}>{action}</SubmitButton>
      </DialogActions>
    </Form>
  );
}
