"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type PlanId, planIds } from "@tidings/shared/plans";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useTRPC } from "../../../../trpc/client";
import { Button } from "../../../../ui/button";
import { Dialog } from "../../../../ui/dialog";
import { DialogActions, Form, FormField, SubmitButton } from "../../../../ui/form";
import { Input } from "../../../../ui/input";
import { Select } from "../../../../ui/select";
import { Switch } from "../../../../ui/switch";
import { toast } from "../../../../ui/toast";
import { planOptions } from "../create-tenant-form";
import type { OperatorTenant } from "./operator-tenant";

/** Changes a tenant's name, plan, address, and whose provider accounts it may use. */
export function ChangeTenant({ tenant }: { tenant: OperatorTenant }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title={`Change ${tenant.name}`}
      description="A plan holds within a minute. Its team reads of the change in its audit log."
      open={open}
      onOpenChange={setOpen}
      trigger={<Button>Change</Button>}
    >
      <ChangeForm tenant={tenant} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function ChangeForm({ tenant, onDone }: { tenant: OperatorTenant; onDone: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const update = useMutation(
    trpc.tenants.update.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.tenants.pathKey() }),
    }),
  );
  const form = useForm({
    defaultValues: {
      name: tenant.name,
      plan: planIds.find((id) => id === tenant.plan) ?? ("unlimited" as PlanId),
      contactEmail: tenant.contactEmail ?? "",
      usesPlatformAccounts: tenant.usesPlatformAccounts,
    },
  });

  return (
    <Form
      form={form}
      onSubmit={async ({ contactEmail, ...changes }) => {
        await update.mutateAsync({ slug: tenant.slug, ...changes, contactEmail: contactEmail || null });
        toast.good("Changed");
        onDone();
      }}
    >
      <FormField control={form.control} name="name" label="Name">
        {(field) => <Input {...field} autoComplete="off" />}
      </FormField>
      <FormField
        control={form.control}
        name="plan"
        label="Plan"
        help={tenant.sellsPlans ? "What the tenant buys or cancels in Stripe later changes it again." : undefined}
      >
        {({ value, onChange }) => (
          <Select options={planOptions} value={value} onValueChange={(plan) => onChange(plan)} />
        )}
      </FormField>
      <FormField
        control={form.control}
        name="contactEmail"
        label="Told at"
        optional
        help="Where its team is told of quotas and endpoints."
      >
        {(field) => <Input {...field} type="email" autoComplete="off" />}
      </FormField>
      <FormField control={form.control} name="usesPlatformAccounts" label={null}>
        {(field) => (
          <Switch
            label="May use the platform’s provider accounts"
            help="On channels where it has none of its own."
            checked={field.value}
            onCheckedChange={field.onChange}
          />
        )}
      </FormField>
      <DialogActions>
        <SubmitButton>Save</SubmitButton>
      </DialogActions>
    </Form>
  );
}
