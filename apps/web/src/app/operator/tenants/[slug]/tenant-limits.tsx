"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useForm } from "react-hook-form";
import { channelNames } from "../../../../shell/channel-names";
import { useTRPC } from "../../../../trpc/client";
import { Button } from "../../../../ui/button";
import { Card, CardBody } from "../../../../ui/card";
import { Dialog } from "../../../../ui/dialog";
import { DialogActions, Form, FormField, SubmitButton } from "../../../../ui/form";
import { formatCount } from "../../../../ui/format-number";
import { Input } from "../../../../ui/input";
import { KeyValue } from "../../../../ui/key-value";
import { QuotaBar } from "../../../../ui/quota-bar";
import { Section } from "../../../../ui/section";
import { toast } from "../../../../ui/toast";
import type { OperatorTenant } from "./operator-tenant";

/** How fast the tenant may call and send, and what it has used of its quotas. */
export function TenantLimits({ tenant }: { tenant: OperatorTenant }) {
  const { limits } = tenant;
  const inForce = new Map(limits.channels.map((limit) => [limit.channel, limit]));

  return (
    <Section
      title="Limits"
      description="What is set here goes before the plan, also beyond it, and holds at once. Empty goes back to the plan. The team may only want less."
    >
      <div className="grid gap-3 lg:grid-cols-2">
        <Card>
          <CardBody className="py-1">
            <KeyValue
              items={[
                {
                  label: "API requests",
                  value: (
                    <Row
                      text={rateOf(limits.requestsPerSecond, limits.requestsSetBy, limits.ofOperator.requestsPerSecond)}
                    >
                      <EditLimit tenant={tenant} channel={null} value={limits.ofOperator.requestsPerSecond} />
                    </Row>
                  ),
                },
                ...Object.entries(channelNames).map(([channel, name]) => {
                  const limit = inForce.get(channel);
                  const ofOperator = limits.ofOperator.channels[channel] ?? null;
                  return {
                    label: name,
                    value: (
                      <Row text={limit ? rateOf(limit.perSecond, limit.setBy, ofOperator) : "Not limited"}>
                        <EditLimit tenant={tenant} channel={channel} value={ofOperator} />
                      </Row>
                    ),
                  };
                }),
              ]}
            />
          </CardBody>
        </Card>
        <Card className="self-start">
          <CardBody className="space-y-4">
            {limits.quotas.length === 0 ? (
              <p className="text-ink-muted text-sm">Its plan has no quotas.</p>
            ) : (
              limits.quotas.map(({ channel, used, monthlyUnits, limit }) => (
                <QuotaBar
                  key={channel}
                  label={channelNames[channel] ?? channel}
                  used={used}
                  limit={monthlyUnits}
                  note={limit === "hard" ? "refused beyond" : "told of beyond"}
                />
              ))
            )}
          </CardBody>
        </Card>
      </div>
    </Section>
  );
}

/** What is in force and why: a team may want less than what is set here. */
function rateOf(perSecond: number, setBy: "platform" | "plan" | "operator" | "team", ofOperator: number | null) {
  const setters = {
    platform: "the platform’s default",
    plan: "the plan’s",
    operator: "set here",
    team: "set by its team",
  };
  const given = setBy === "team" && ofOperator !== null ? ` (${formatCount(ofOperator)} set here)` : "";
  return `${formatCount(perSecond)} a second, ${setters[setBy]}${given}`;
}

function Row({ text, children }: { text: string; children: ReactNode }) {
  return (
    <span className="flex items-center justify-between gap-3">
      <span>{text}</span>
      {children}
    </span>
  );
}

interface EditLimitProps {
  tenant: OperatorTenant;
  /** Null: API requests. */
  channel: string | null;
  /** What is set here; null: nothing. */
  value: number | null;
}

function EditLimit(props: EditLimitProps) {
  const [open, setOpen] = useState(false);
  const name = props.channel === null ? "API requests" : (channelNames[props.channel] ?? props.channel);
  return (
    <Dialog
      title={`Limit of ${name}`}
      description={`For ${props.tenant.name} alone, also for what already waits.`}
      size="sm"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button size="sm" variant="ghost" aria-label={`Change the limit of ${name}`}>
          Change
        </Button>
      }
    >
      <LimitForm {...props} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function LimitForm({ tenant: { slug }, channel, value, onDone }: EditLimitProps & { onDone: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: trpc.tenants.pathKey() });
  const setRequests = useMutation(trpc.tenants.setRequestLimit.mutationOptions({ onSuccess }));
  const setChannel = useMutation(trpc.tenants.setChannelLimit.mutationOptions({ onSuccess }));
  const removeChannel = useMutation(trpc.tenants.removeChannelLimit.mutationOptions({ onSuccess }));
  const form = useForm({ defaultValues: { perSecond: value === null ? "" : String(value) } });

  async function save({ perSecond }: { perSecond: string }) {
    const text = perSecond.trim();
    const wanted = text === "" ? null : Number(text);
    if (wanted !== null && !(Number.isInteger(wanted) && wanted > 0))
      return form.setError("perSecond", { message: "must be a whole number above 0, or empty" });
    if (channel === null) await setRequests.mutateAsync({ slug, requestsPerSecond: wanted });
    else if (wanted !== null) await setChannel.mutateAsync({ slug, channel, perSecond: wanted });
    else if (value !== null) await removeChannel.mutateAsync({ slug, channel });
    toast.good(wanted === null ? "Limit lifted" : "Limit set");
    onDone();
  }

  return (
    <Form form={form} onSubmit={save}>
      <FormField control={form.control} name="perSecond" label="A second" optional help="Empty: as the plan has it.">
        {(field) => <Input {...field} inputMode="numeric" autoFocus />}
      </FormField>
      <DialogActions>
        <SubmitButton>Save limit</SubmitButton>
      </DialogActions>
    </Form>
  );
}
