"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { categoryPattern } from "@tidings/shared/key-patterns";
import { Ellipsis, Pencil, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { ConfirmDialog } from "../../../../ui/confirm-dialog";
import { Dialog } from "../../../../ui/dialog";
import { DialogActions, Form, FormField, SubmitButton } from "../../../../ui/form";
import { IconButton } from "../../../../ui/icon-button";
import { Input } from "../../../../ui/input";
import { Menu, MenuItem } from "../../../../ui/menu";
import { toast } from "../../../../ui/toast";
import type { Template } from "../template-words";

/** What can be done with the template as a whole. */
export function TemplateMenu({ template }: { template: Template }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const [opened, setOpened] = useState<"details" | "delete" | null>(null);
  const close = (open: boolean) => !open && setOpened(null);
  const remove = useMutation(trpc.templates.delete.mutationOptions());

  async function doDelete() {
    await remove.mutateAsync({ ...tenant.input, key: template.key });
    router.push(tenant.href("templates"));
    toast.good(`“${template.name}” is deleted`);
    await queryClient.invalidateQueries({ queryKey: trpc.templates.list.pathKey() });
  }

  return (
    <>
      <Menu trigger={<IconButton label="More" icon={<Ellipsis aria-hidden />} variant="secondary" />}>
        <MenuItem icon={<Pencil aria-hidden />} onSelect={() => setOpened("details")}>
          Name and category
        </MenuItem>
        <MenuItem icon={<Trash2 aria-hidden />} danger onSelect={() => setOpened("delete")}>
          Delete
        </MenuItem>
      </Menu>
      <Dialog open={opened === "details"} onOpenChange={close} title="Name and category" size="sm">
        <DetailsForm template={template} onDone={() => setOpened(null)} />
      </Dialog>
      <ConfirmDialog
        open={opened === "delete"}
        onOpenChange={close}
        title={`Delete the template “${template.name}”?`}
        description="It goes with all its versions, and requests that name it are refused. Messages that were sent keep their record, but what they said can't be shown any more."
        action="Delete template"
        name={template.key}
        onConfirm={doDelete}
      />
    </>
  );
}

const shape = z.object({
  name: z.string().trim().min(1, "Give it a name people recognise.").max(200),
  category: z
    .string()
    .trim()
    .refine(
      (text) => text === "" || categoryPattern.test(text),
      "Up to 64 lower-case letters, digits, dots, hyphens or underscores.",
    ),
});

function DetailsForm({ template, onDone }: { template: Template; onDone: () => void }) {
  const { input } = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const update = useMutation(
    trpc.templates.update.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.templates.pathKey() }),
    }),
  );
  const form = useForm({
    resolver: zodResolver(shape),
    defaultValues: { name: template.name, category: template.category ?? "" },
  });

  async function save({ name, category }: z.output<typeof shape>) {
    await update.mutateAsync({ ...input, key: template.key, name, category: category || null });
    toast.good("Saved");
    onDone();
  }

  return (
    <Form form={form} onSubmit={save}>
      <FormField control={form.control} name="name" label="Name">
        {(field) => <Input {...field} autoComplete="off" />}
      </FormField>
      <FormField
        control={form.control}
        name="category"
        label="Category"
        optional
        help="What its messages are about. Recipients can opt out of a category."
      >
        {(field) => <Input {...field} autoComplete="off" spellCheck={false} className="font-mono" />}
      </FormField>
      <DialogActions>
        <SubmitButton>Save</SubmitButton>
      </DialogActions>
    </Form>
  );
}
