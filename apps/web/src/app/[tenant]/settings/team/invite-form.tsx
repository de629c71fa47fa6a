"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Role, roles } from "@tidings/shared/roles";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { DialogActions, Form, FormField, SubmitButton } from "../../../../ui/form";
import { Input } from "../../../../ui/input";
import { toast } from "../../../../ui/toast";
import { RoleChoice } from "./role-choice";

const shape = z.object({
  email: z.email("Give the address of the person."),
  role: z.enum(roles as [Role, ...Role[]]),
});

/** Whom to invite, and as what. */
export function InviteForm({ onDone }: { onDone: () => void }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const invite = useMutation(
    trpc.team.invite.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.team.pathKey() }),
    }),
  );
  const form = useForm({
    resolver: zodResolver(shape),
    defaultValues: { email: "", role: "developer" as Role },
  });

  async function send(values: z.output<typeof shape>) {
    const { email } = await invite.mutateAsync({ ...tenant.input, ...values });
    toast.good("Invited", { description: `A link is on its way to ${email}.` });
    onDone();
  }

  return (
    <Form form={form} onSubmit={send}>
      <FormField control={form.control} name="email" label="Email">
        {(field) => <Input {...field} type="email" autoComplete="off" placeholder="ann@example.com" autoFocus />}
      </FormField>
      <FormField control={form.control} name="role" label="Role" group>
        {(field) => <RoleChoice value={field.value} onValueChange={field.onChange} />}
      </FormField>
      <DialogActions>
        <SubmitButton>Send invitation</SubmitButton>
      </DialogActions>
    </Form>
  );
}
