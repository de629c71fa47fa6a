"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { Form, FormField, SubmitButton } from "../../../../ui/form";
import { formatCount } from "../../../../ui/format-number";
import { Input } from "../../../../ui/input";
import { toast } from "../../../../ui/toast";
import type { Limits } from "./limit-answers";
import { wholeNumber } from "./whole-number";

/** Sets how many requests a second the tenant's keys may make, or leaves it at what the tenant was given. */
export function RequestLimit({ limits: { requests } }: { limits: Limits }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const set = useMutation(
    trpc.limits.setRequests.mutationOptions({
      onSuccess: () => {
        toast.good("Saved", { description: "It takes effect within a minute." });
        return queryClient.invalidateQueries({ queryKey: trpc.limits.pathKey() });
      },
    }),
  );
  const form = useForm({ defaultValues: { requestsPerSecond: requests.own === null ? "" : String(requests.own) } });
  return (
    <Form
      form={form}
      onSubmit={({ requestsPerSecond }) =>
        set.mutateAsync({ ...tenant.input, requestsPerSecond: wholeNumber(requestsPerSecond) })
      }
    >
      <div className="flex items-start gap-2">
        <FormField
          control={form.control}
          name="requestsPerSecond"
          label="Set your own limit"
          help={`Requests a second, at most ${formatCount(requests.most.perSecond)}. Empty: as many as that.`}
          className="max-w-60 flex-1"
        >
          {(field) => <Input {...field} inputMode="numeric" placeholder={String(requests.most.perSecond)} />}
        </FormField>
        <SubmitButton className="mt-6.5" disabled={!form.formState.isDirty}>
          Save
        </SubmitButton>
      </div>
    </Form>
  );
}
