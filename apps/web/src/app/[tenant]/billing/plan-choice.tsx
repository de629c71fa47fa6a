"use client";

import { useQuery } from "@tanstack/react-query";
import { type Plan, type PlanId, plans, plansForSale, unpaidPlan } from "@tidings/shared/plans";
import { useId } from "react";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Badge } from "../../../ui/badge";
import { Button } from "../../../ui/button";
import { Callout } from "../../../ui/callout";
import { cn } from "../../../ui/cn";
import { failureOf } from "../../../ui/failure";
import { formatCount, formatMoney, formatShare } from "../../../ui/format-number";
import { Section } from "../../../ui/section";
import { ChangePlan, type TargetPlan } from "./change-plan";
import { formatUnitPrice } from "./unit-price";
import { type Billing, type Offer, useCheckout } from "./use-billing";

const shown = [unpaidPlan, ...plansForSale, "enterprise"] as const satisfies readonly PlanId[];
const channels = [...new Set(shown.flatMap((id) => Object.keys(plans[id].monthlyUnits)))];

/** The plans beside each other, what differs between them, and the way from one to another. */
export function PlanChoice({ billing }: { billing: Billing }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const offers = useQuery(trpc.billing.offers.queryOptions(tenant.input));
  const offerOf = new Map(offers.data?.map((offer) => [offer.plan, offer]));
  return (
    <Section title="Plans" description="Quotas are units a month, in live mode. Prices are before tax.">
      {offers.isError && (
        <Callout
          tone="warn"
          title="Stripe’s prices could not be loaded"
          action={<Button onClick={() => void offers.refetch()}>Try again</Button>}
        >
          {failureOf(offers.error).message}
        </Callout>
      )}
      <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
        {shown.map((id) => (
          <PlanCard key={id} id={id} offer={offerOf.get(id)} isLoading={offers.isPending} billing={billing} />
        ))}
      </div>
    </Section>
  );
}

interface PlanCardProps {
  id: (typeof shown)[number];
  /** What Stripe charges; undefined where it is not sold, or not known. */
  offer: Offer | undefined;
  isLoading: boolean;
  billing: Billing;
}

function PlanCard({ id, offer, isLoading, billing }: PlanCardProps) {
  const heading = useId();
  const plan: Plan = plans[id];
  const isCurrent = billing.plan === id;
  return (
    <article
      aria-labelledby={heading}
      className={cn(
        "flex flex-col gap-4 rounded-lg border bg-surface p-4",
        isCurrent ? "border-accent-ink" : "border-line",
      )}
    >
      <div>
        <div className="flex min-h-6 items-center justify-between gap-2">
          <h3 id={heading} className="font-semibold text-lg">
            {plan.name}
          </h3>
          {isCurrent && <Badge tone="accent">Current plan</Badge>}
          {billing.nextPlan === id && <Badge>Next</Badge>}
        </div>
        <p className="mt-1">{priceOf(plan, offer, isLoading)}</p>
      </div>
      <PlanAction id={id} offer={offer} billing={billing} />
      <dl className="divide-y divide-line text-sm">
        {factsOf(plan, offer).map(({ label, value, note }) => (
          <div key={label} className="flex flex-wrap items-baseline justify-between gap-x-3 py-1.5">
            <dt className="text-ink-muted">{label}</dt>
            <dd className="text-right">{value}</dd>
            {note && <dd className="w-full text-right text-ink-muted text-xs">{note}</dd>}
          </div>
        ))}
      </dl>
    </article>
  );
}

function priceOf(plan: Plan, offer: Offer | undefined, isLoading: boolean) {
  if (plan.monthlyCents === null) return <span className="text-xl tracking-tight">{plan.price}</span>;
  if (!offer) return <span className="text-ink-muted">{isLoading ? "Asking for the price" : "Not for sale yet"}</span>;
  if (offer.monthlyAmount === null) return <span className="text-ink-muted">Price on Stripe’s page</span>;
  return (
    <>
      <span className="font-semibold text-xl tracking-tight">{formatMoney(offer.monthlyAmount, offer.currency)}</span>{" "}
      <span className="text-ink-muted">a month</span>
    </>
  );
}

/** What differs between plans. */
function factsOf(plan: Plan, offer: Offer | undefined): { label: string; value: string; note?: string | undefined }[] {
  const most = (number: number | null | undefined) => (number == null ? "Unlimited" : formatCount(number));
  return [
    ...channels.map((channel) => ({
      label: channelNames[channel] ?? channel,
      value: most(plan.monthlyUnits[channel]),
    })),
    {
      label: "API requests a second",
      value: plan.requestsPerSecond === null ? "Default" : most(plan.requestsPerSecond),
    },
    { label: "Emails a second", value: most(plan.sendRate.email) },
    { label: "Messages kept", value: plan.retentionDays === null ? "As long as any" : `${plan.retentionDays} days` },
    { label: "Seats", value: most(plan.seats) },
    beyondQuota(plan, offer),
  ];
}

/** What happens to messages beyond a quota, and what they cost. */
function beyondQuota({ monthlyUnits, limit, criticalGrace }: Plan, offer: Offer | undefined) {
  const label = "Beyond a quota";
  if (Object.keys(monthlyUnits).length === 0) return { label, value: "No quota" };
  if (limit === "hard") {
    const note = criticalGrace > 0 ? `but for critical ones, up to ${formatShare(criticalGrace)}` : undefined;
    return { label, value: "Refused", note };
  }
  const rates = offer?.metered.map(
    ({ channel, unitAmount }) => `${channelNames[channel] ?? channel} ${formatUnitPrice(unitAmount, offer.currency)}`,
  );
  return { label, value: rates?.length ? "Charged each" : "Sent", note: rates?.join(", ") };
}

/** The one way from the current plan to this one. */
function PlanAction({ id, offer, billing }: Omit<PlanCardProps, "isLoading">) {
  const tenant = useTenant();
  const { subscribedPlan, nextPlan, endsAt, dunning } = billing;
  const space = <p className="hidden h-8 sm:block" />;
  if (!tenant.can("billing.write")) return null;
  if (id === "enterprise")
    return <p className="flex min-h-8 items-center text-ink-muted text-sm">Ask the operator of this Tidings.</p>;
  if (subscribedPlan === null) return isForSale(id) && offer ? <Subscribe id={id} /> : space;
  if (dunning || id === nextPlan || (id === unpaidPlan && endsAt)) return space;
  if (id === subscribedPlan || (id !== unpaidPlan && !offer)) return space;
  const isLarger = (plans[id].monthlyCents ?? 0) > (plans[subscribedPlan as PlanId]?.monthlyCents ?? 0);
  return (
    <ChangePlan
      plan={id}
      from={subscribedPlan}
      trigger={
        <Button variant={isLarger ? "primary" : "secondary"} className="w-full">
          {isLarger ? "Upgrade" : id === unpaidPlan ? "Cancel subscription" : "Downgrade"}
        </Button>
      }
    />
  );
}

function isForSale(id: PlanId): id is Exclude<TargetPlan, typeof unpaidPlan> {
  return plansForSale.some((each) => each === id);
}

/** Leads to Stripe's page. */
function Subscribe({ id }: { id: Exclude<TargetPlan, typeof unpaidPlan> }) {
  const { start, busy } = useCheckout();
  return (
    <Button variant="primary" className="w-full" busy={busy} onClick={() => start(id)}>
      Subscribe to {plans[id].name}
    </Button>
  );
}
