"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useTRPC } from "../../../../trpc/client";
import { Button, ButtonLink } from "../../../../ui/button";
import { Dialog } from "../../../../ui/dialog";
import { DialogActions, Form, FormField, SubmitButton } from "../../../../ui/form";
import { Textarea } from "../../../../ui/textarea";
import type { OperatorTenant } from "./operator-tenant";

/** The way into the tenant's console: a member's own, or a visit. */
export function Visit({ tenant }: { tenant: OperatorTenant }) {
  const [open, setOpen] = useState(false);
  if (tenant.isMember || tenant.visit)
    return (
      <ButtonLink href={`/${tenant.slug}`} variant="primary">
        {tenant.isMember ? "Open its console" : "Go on with your visit"}
      </ButtonLink>
    );
  return (
    <Dialog
      title={`Look into ${tenant.name}`}
      description="For an hour you see its console as a viewer, with what its messages said, and can change nothing. Its team reads in the audit log who looked, when and why."
      open={open}
      onOpenChange={setOpen}
      trigger={<Button variant="primary">Open its console</Button>}
    >
      <VisitForm slug={tenant.slug} />
    </Dialog>
  );
}

function VisitForm({ slug }: { slug: string }) {
  const trpc = useTRPC();
  const openVisit = useMutation(trpc.tenants.openVisit.mutationOptions());
  const form = useForm({ defaultValues: { reason: "" } });
  return (
    <Form
      form={form}
      onSubmit={async ({ reason }) => {
        await openVisit.mutateAsync({ slug, reason });
        window.location.assign(`/${slug}`); // a whole load: what this browser knows of the tenant is from before
      }}
    >
      <FormField
        control={form.control}
        name="reason"
        label="Why"
        help="Such as the ticket, and what you were asked to look at."
      >
        {(field) => <Textarea {...field} rows={3} autoFocus />}
      </FormField>
      <DialogActions>
        <SubmitButton>Open for an hour</SubmitButton>
      </DialogActions>
    </Form>
  );
}
