"use client";

import { useQuery } from "@tanstack/react-query";
import { monthOf, type Plan, planOf } from "@tidings/shared/plans";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Callout } from "../../../ui/callout";
import { Card, CardBody } from "../../../ui/card";
import { ErrorState } from "../../../ui/error-state";
import { formatCount, formatShare } from "../../../ui/format-number";
import { QuotaBar } from "../../../ui/quota-bar";
import { Section } from "../../../ui/section";
import { SkeletonRows } from "../../../ui/skeleton";
import { TextLink } from "../../../ui/text-link";
import { longDay } from "../long-day";

/** How much of this month's quotas is used, channel by channel, and what happens at their end. */
export function Quotas() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const quotas = useQuery(trpc.usage.quotas.queryOptions(tenant.input));
  if (quotas.isError) {
    return (
      <ErrorState title="The quotas could not be loaded" error={quotas.error} onRetry={() => void quotas.refetch()} />
    );
  }
  const { data } = quotas;
  const plan = data && planOf(data.plan);
  const renewal = longDay(monthOf(Date.now()).endMs);
  const leadsToPlans = data && !data.isSelfHosted && tenant.can("billing.read");
  const full = data?.quotas.filter(({ used, monthlyUnits }) => used >= monthlyUnits) ?? [];

  return (
    <Section
      title="Quotas this month"
      description={plan && quotaWords(plan, renewal)}
      actions={leadsToPlans && <TextLink href={tenant.href("billing")}>Compare plans</TextLink>}
    >
      {plan && full.length > 0 && plan.limit === "hard" && (
        <Callout
          tone="bad"
          title={`Used up: ${full.map(({ channel }) => channelNames[channel] ?? channel).join(", ")}`}
        >
          Messages on {full.length > 1 ? "these channels" : "this channel"} are refused until {renewal}
          {plan.criticalGrace > 0 && `, but for critical ones: they may go ${formatShare(plan.criticalGrace)} over it`}.
        </Callout>
      )}
      {!data ? (
        <SkeletonRows rows={4} />
      ) : data.quotas.length === 0 ? (
        <Card>
          <CardBody className="text-ink-muted">
            The plan {plan?.name} sets no quota on any channel: send as much as you like.
          </CardBody>
        </Card>
      ) : (
        <Card>
          <CardBody className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
            {data.quotas.map(({ channel, used, monthlyUnits }) => (
              <QuotaBar
                key={channel}
                label={channelNames[channel] ?? channel}
                used={used}
                limit={monthlyUnits}
                note={plan && noteOf(plan, channel, used, monthlyUnits)}
              />
            ))}
          </CardBody>
        </Card>
      )}
    </Section>
  );
}

function quotaWords({ name, limit, criticalGrace, monthlyUnits }: Plan, renewal: string): string | null {
  if (Object.keys(monthlyUnits).length === 0) return null;
  const begin = `The plan ${name} grants this much until ${renewal}, when quotas start anew.`;
  if (limit === "soft") return `${begin} What goes over one is still sent.`;
  const grace = criticalGrace > 0 ? ` Critical messages may go ${formatShare(criticalGrace)} over it.` : "";
  return `${begin} At the end of one, messages on that channel are refused.${grace}`;
}

function noteOf(plan: Plan, channel: string, used: number, limit: number): string | null {
  if (used < limit) return null;
  if (plan.limit === "soft") return plan.overageCents[channel] ? "More is charged by the unit" : "More is still sent";
  const ceiling = limit + Math.floor(limit * plan.criticalGrace);
  return used < ceiling
    ? `Critical messages have ${formatCount(ceiling - used)} left`
    : "Critical messages are refused, too";
}
