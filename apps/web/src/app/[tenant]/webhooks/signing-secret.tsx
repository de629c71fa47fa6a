"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { Callout } from "../../../ui/callout";
import { CopyButton } from "../../../ui/copy-button";
import { Dialog } from "../../../ui/dialog";
import { failureOf } from "../../../ui/failure";
import { Field } from "../../../ui/field";
import { Section } from "../../../ui/section";
import { Select } from "../../../ui/select";
import { ExactTime } from "../../../ui/time";
import { toast } from "../../../ui/toast";
import type { Endpoint } from "./endpoint-words";

/** What reports are signed with: hidden until asked for, which the audit log notes. */
export function SigningSecret({ endpoint }: { endpoint: Endpoint }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const show = useMutation({ ...trpc.webhooks.showSecret.mutationOptions(), gcTime: 0 });
  const mayWrite = tenant.can("webhooks.write");

  return (
    <Section
      title="Signing secret"
      description="Every report carries a signature made with it. Verify it, so that nobody else can pretend to be Tidings."
      actions={mayWrite && <RotateSecret endpoint={endpoint} onRotated={() => show.reset()} />}
    >
      {!mayWrite ? (
        <p className="text-ink-muted text-sm">Your role does not show it. Owners, admins and developers see it.</p>
      ) : (
        <div className="space-y-3">
          <SecretRow
            label="Signing secret"
            secret={show.data?.secret ?? null}
            action={
              <Button
                size="sm"
                busy={show.isPending}
                onClick={() => (show.data ? show.reset() : show.mutate({ ...tenant.input, id: endpoint.id }))}
              >
                {show.data ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
                {show.data ? "Hide" : "Show"}
              </Button>
            }
          />
          {show.data?.previousSecret && <SecretRow label="Previous secret" secret={show.data.previousSecret} />}
          {show.isError && <Callout tone="bad">{failureOf(show.error).message}</Callout>}
          <p className="text-ink-muted text-xs">Showing it is noted in the audit log.</p>
        </div>
      )}
      {endpoint.previousSecretUntil && (
        <Callout title="Two secrets sign at the moment">
          Reports carry a signature of each until <ExactTime at={endpoint.previousSecretUntil} />. By then your server
          must know the new one.
        </Callout>
      )}
    </Section>
  );
}

function SecretRow({ label, secret, action }: { label: string; secret: string | null; action?: React.ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-lg border border-line-strong bg-sunken py-1.5 pr-1.5 pl-3">
      <span className="sr-only">{label}</span>
      <code className="wrap-anywhere min-w-0 flex-1 font-mono text-sm">{secret ?? `whsec_${"•".repeat(20)}`}</code>
      {secret && <CopyButton text={secret} label={`Copy: ${label}`} />}
      {action}
    </div>
  );
}

const overlaps = [
  { value: "86400", label: "One day" },
  { value: "3600", label: "One hour" },
  { value: "604800", label: "7 days" },
  { value: "0", label: "Not at all: the old one has leaked" },
] as const;

/** Gives an endpoint its next secret. */
function RotateSecret({ endpoint, onRotated }: { endpoint: Endpoint; onRotated: () => void }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const [overlap, setOverlap] = useState<(typeof overlaps)[number]["value"]>("86400");
  const rotate = useMutation(
    trpc.webhooks.rotateSecret.mutationOptions({
      onSuccess: () => {
        setOpen(false);
        onRotated();
        toast.good("There is a new secret", { description: "Show it, and give it to your server." });
        return queryClient.invalidateQueries({ queryKey: trpc.webhooks.pathKey() });
      },
    }),
  );
  return (
    <Dialog
      title="Rotate the signing secret?"
      description="A new secret is made at once. While the old one still signs, reports carry a signature of each, and whoever knows either can verify them: nothing is lost while your server changes over."
      trigger={<Button size="sm">Rotate</Button>}
      open={open}
      onOpenChange={setOpen}
      footer={
        <Button
          variant={overlap === "0" ? "danger" : "primary"}
          busy={rotate.isPending}
          onClick={() => rotate.mutate({ ...tenant.input, id: endpoint.id, overlapSeconds: Number(overlap) })}
        >
          Rotate secret
        </Button>
      }
    >
      <div className="space-y-4">
        <Field
          label="How long the old secret signs too"
          help={
            overlap === "0"
              ? "From now on, servers that know only the old secret refuse every report until they have the new one."
              : undefined
          }
        >
          <Select options={overlaps} value={overlap} onValueChange={setOverlap} />
        </Field>
        {endpoint.previousSecretUntil && (
          <Callout tone="warn">
            The previous secret is still valid until <ExactTime at={endpoint.previousSecretUntil} />. Rotating again
            ends it now.
          </Callout>
        )}
        {rotate.isError && <Callout tone="bad">{failureOf(rotate.error).message}</Callout>}
      </div>
    </Dialog>
  );
}
