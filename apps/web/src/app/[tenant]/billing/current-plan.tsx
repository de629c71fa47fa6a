"use client";

import { planOf, unpaidPlan } from "@tidings/shared/plans";
import { CreditCard, ExternalLink } from "lucide-react";
import { useTenant } from "../../../shell/tenant-context";
import { Button, buttonStyles } from "../../../ui/button";
import { Callout } from "../../../ui/callout";
import { Card, CardBody, CardHeader } from "../../../ui/card";
import { KeyValue } from "../../../ui/key-value";
import { Status } from "../../../ui/status";
import { toast } from "../../../ui/toast";
import { longDay } from "../long-day";
import { ChangePlan } from "./change-plan";
import { type Billing, usePortal, useSubscriptionChanges } from "./use-billing";

const statuses = {
  none: { tone: "neutral", word: "No subscription" },
  active: { tone: "good", word: "Active" },
  trialing: { tone: "good", word: "On trial" },
  past_due: { tone: "bad", word: "Payment due" },
  canceled: { tone: "neutral", word: "Ended" },
} as const;

/** What is in force, until when, what comes after it, and what is owed. */
export function CurrentPlan({ billing }: { billing: Billing }) {
  const tenant = useTenant();
  const portal = usePortal();
  const { plan, status, subscribedPlan, period, endsAt, nextPlan, isCustomer } = billing;
  const { tone, word } = endsAt ? { tone: "warn" as const, word: "Canceled" } : statuses[status];
  const mayWrite = tenant.can("billing.write");

  return (
    <section aria-label="Current plan" className="space-y-3">
      <Dunning billing={billing} />
      <Coming billing={billing} />
      {subscribedPlan !== null && subscribedPlan !== plan && (
        <Callout title={`The operator has put ${tenant.name} on ${planOf(plan).name}`}>
          That is in force. The subscription is to {planOf(subscribedPlan).name}, and goes on being charged.
        </Callout>
      )}
      <Card>
        <CardHeader title={planOf(plan).name}>
          <Status tone={tone}>{word}</Status>
        </CardHeader>
        <CardBody className="space-y-4">
          <KeyValue
            items={[
              ...(subscribedPlan !== null && subscribedPlan !== plan
                ? [{ label: "Subscribed to", value: planOf(subscribedPlan).name }]
                : []),
              ...(period
                ? [
                    {
                      label: status === "past_due" ? "Not paid yet" : "Paid for",
                      value: `${longDay(period.startsAt)} to ${longDay(period.endsAt)}`,
                    },
                  ]
                : []),
              {
                label: endsAt ? "Ends" : "Renews",
                value: endsAt ? longDay(endsAt) : period ? longDay(period.endsAt) : "Not a subscription",
              },
              ...(endsAt || nextPlan
                ? [{ label: "Then", value: planOf(endsAt ? unpaidPlan : (nextPlan ?? plan)).name }]
                : []),
            ]}
          />
          {mayWrite && (isCustomer || subscribedPlan !== null) && (
            <div className="flex flex-wrap gap-2">
              <Button onClick={portal.open} busy={portal.busy}>
                <CreditCard aria-hidden />
                Cards and addresses
              </Button>
              {subscribedPlan !== null && !endsAt && (
                <ChangePlan
                  plan={unpaidPlan}
                  from={subscribedPlan}
                  trigger={<Button variant="ghost">Cancel subscription</Button>}
                />
              )}
            </div>
          )}
        </CardBody>
      </Card>
    </section>
  );
}

/** A payment that did not go through: since when, when it is tried again, and what to do. */
function Dunning({ billing: { dunning, plan } }: { billing: Billing }) {
  const tenant = useTenant();
  const portal = usePortal();
  if (!dunning) return null;
  const { since, nextRetryAt, invoiceUrl } = dunning;
  return (
    <Callout tone="bad" title={`A payment is due since ${longDay(since)}`}>
      <p>
        {nextRetryAt
          ? `Stripe tries again on ${longDay(nextRetryAt)}. Until then ${planOf(plan).name} stays in force.`
          : `Stripe does not try again: without the payment the plan becomes ${planOf(unpaidPlan).name}.`}{" "}
        Pay the invoice, or give another card. Until it is paid the plan cannot be changed.
      </p>
      {tenant.can("billing.write") && (
        <p className="mt-2 flex flex-wrap gap-2">
          {invoiceUrl && (
            <a className={buttonStyles({ variant: "primary" })} href={invoiceUrl} target="_blank" rel="noreferrer">
              Pay the invoice
              <ExternalLink aria-hidden />
            </a>
          )}
          <Button onClick={portal.open} busy={portal.busy}>
            Change the card
          </Button>
        </p>
      )}
    </Callout>
  );
}

/** What was decided and is not in force yet, and how it is taken back. */
function Coming({ billing: { subscribedPlan, nextPlan, endsAt, period } }: { billing: Billing }) {
  const tenant = useTenant();
  const { keep } = useSubscriptionChanges();
  if (subscribedPlan === null || (!endsAt && !nextPlan)) return null;
  const { name } = planOf(subscribedPlan);
  const then = planOf(endsAt ? unpaidPlan : (nextPlan ?? unpaidPlan)).name;
  const at = endsAt ?? period?.endsAt;
  const when = at ? ` on ${longDay(at)}` : "";

  function takeBack() {
    keep.mutate(tenant.input, {
      onSuccess: () => toast.good(`${name} goes on`),
      onError: (error) => toast.bad("It could not be taken back", { description: error.message }),
    });
  }

  return (
    <Callout
      tone="warn"
      title={endsAt ? `The subscription ends${when}` : `The plan becomes ${then}${when}`}
      action={
        tenant.can("billing.write") && (
          <Button onClick={takeBack} busy={keep.isPending}>
            Keep {name}
          </Button>
        )
      }
    >
      Until then {name} stays as it is{endsAt ? `; after it ${tenant.name} is on ${then}` : ""}.
    </Callout>
  );
}
