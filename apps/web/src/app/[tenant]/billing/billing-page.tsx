"use client";

import { useQuery } from "@tanstack/react-query";
import { planOf } from "@tidings/shared/plans";
import { useQueryStates } from "nuqs";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Callout } from "../../../ui/callout";
import { ErrorState } from "../../../ui/error-state";
import { PageHeader } from "../../../ui/page-header";
import { SkeletonRows } from "../../../ui/skeleton";
import { billingFilters } from "./billing-filters";
import { CurrentPlan } from "./current-plan";
import { Invoices } from "./invoices";
import { MeteredUse } from "./metered-use";
import { PlanChoice } from "./plan-choice";
import { SelfHosted } from "./self-hosted";

/** Stripe may take this long to tell of a subscription that was just paid for. */
const lookAgainMs = 2_000;

/** What the plan is, what it costs, and what is owed; without Stripe, that nothing is. */
export function BillingPage() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const [{ checkout }] = useQueryStates(billingFilters);
  const comesFromCheckout = checkout === "done";
  const billing = useQuery({
    ...trpc.billing.get.queryOptions({ ...tenant.input, fresh: comesFromCheckout }),
    refetchInterval: ({ state }) =>
      comesFromCheckout && state.data?.kind === "stripe" && state.data.subscribedPlan === null ? lookAgainMs : false,
  });
  const { data } = billing;

  return (
    <>
      <PageHeader
        title="Billing"
        description={
          data?.kind === "self_hosted" ? "The plan, and what it allows." : "The plan, what it costs, and the invoices."
        }
      />
      {billing.isError ? (
        <ErrorState title="The plan could not be loaded" error={billing.error} onRetry={() => void billing.refetch()} />
      ) : !data ? (
        <SkeletonRows rows={6} />
      ) : data.kind === "self_hosted" ? (
        <SelfHosted plan={data.plan} />
      ) : (
        <div className="space-y-8">
          {comesFromCheckout &&
            (data.subscribedPlan === null ? (
              <Callout title="Waiting for Stripe">
                Your payment is on its way. This page shows the plan as soon as Stripe confirms it.
              </Callout>
            ) : (
              <Callout tone="good" title={`You are on ${planOf(data.plan).name} now`}>
                Its quotas and limits hold within a minute.
              </Callout>
            ))}
          {checkout === "canceled" && data.subscribedPlan === null && (
            <Callout title="You left the checkout">Nothing was charged and nothing has changed.</Callout>
          )}
          <CurrentPlan billing={data} />
          {data.subscribedPlan !== null && <MeteredUse />}
          <PlanChoice billing={data} />
          {data.isCustomer && <Invoices />}
        </div>
      )}
    </>
  );
}
