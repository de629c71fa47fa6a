"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Role } from "@tidings/shared/roles";
import { useRouter } from "next/navigation";
import { useForm } from "react-hook-form";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { Dialog } from "../../../../ui/dialog";
import { DialogActions, Form, FormField, SubmitButton } from "../../../../ui/form";
import { toast } from "../../../../ui/toast";
import { RoleChoice } from "./role-choice";

/** Gives a member another role. */
export function ChangeRole(props: { id: string; name: string; role: Role; onClose: () => void }) {
  const { id, name, role, onClose } = props;
  const tenant = useTenant();
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const change = useMutation(
    trpc.team.changeRole.mutationOptions({
      onSuccess: () => {
        router.refresh(); // it may be one's own
        return queryClient.invalidateQueries({ queryKey: trpc.team.pathKey() });
      },
    }),
  );
  const form = useForm({ defaultValues: { role } });

  async function save(values: { role: Role }) {
    await change.mutateAsync({ ...tenant.input, id, role: values.role });
    toast.good(`${name} is now ${values.role}`);
    onClose();
  }

  return (
    <Dialog
      title={`Role of ${name}`}
      description="It takes effect with their next click."
      open
      onOpenChange={(open) => !open && onClose()}
    >
      <Form form={form} onSubmit={save}>
        <FormField control={form.control} name="role" label="Role" labelHidden group>
          {(field) => <RoleChoice value={field.value} onValueChange={field.onChange} />}
        </FormField>
        <DialogActions>
          <SubmitButton disabled={!form.formState.isDirty}>Change role</SubmitButton>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
