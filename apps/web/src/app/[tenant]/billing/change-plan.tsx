"use client";

import { useQuery } from "@tanstack/react-query";
import { type PlanId, planOf, type plansForSale, unpaidPlan } from "@tidings/shared/plans";
import { type ReactElement, useState } from "react";
import { channelNames } from "../../../shell/channel-names";
import { useTenant } from "../../../shell/tenant-context";
import type { Answers } from "../../../trpc/answers";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { Callout } from "../../../ui/callout";
import { Dialog, DialogClose } from "../../../ui/dialog";
import { ErrorState } from "../../../ui/error-state";
import { formatCount } from "../../../ui/format-number";
import { SkeletonRows } from "../../../ui/skeleton";
import { TextLink } from "../../../ui/text-link";
import { toast } from "../../../ui/toast";
import { longDay } from "../long-day";
import { useSubscriptionChanges } from "./use-billing";

type PlanChange = Answers["billing"]["preview"];
/** A plan that is sold, or the one that stands for canceling. */
export type TargetPlan = Extract<PlanId, (typeof plansForSale)[number] | typeof unpaidPlan>;

/** Says what another plan would mean and what is in the way, and changes to it. */
export function ChangePlan({ plan, from, trigger }: { plan: TargetPlan; from: string; trigger: ReactElement }) {
  const [open, setOpen] = useState(false);
  const { name } = planOf(plan);
  const title = plan === unpaidPlan ? `Cancel ${planOf(from).name}?` : `Change to ${name}?`;
  return (
    <Dialog title={title} trigger={trigger} open={open} onOpenChange={setOpen}>
      <Consequences plan={plan} from={from} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function Consequences({ plan, from, onDone }: { plan: TargetPlan; from: string; onDone: () => void }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const { change, cancel } = useSubscriptionChanges();
  const preview = useQuery({ ...trpc.billing.preview.queryOptions({ ...tenant.input, plan }), staleTime: 0 });
  if (preview.isError) return <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />;
  if (!preview.data) return <SkeletonRows rows={3} />;

  const { obstacles, takesEffect } = preview.data;
  const isCancel = plan === unpaidPlan;
  // Canceling is always possible: what is in the way of a smaller plan is not in the way of none.
  const isBlocked = !isCancel && takesEffect !== "now" && obstacles.some(({ blocks }) => blocks);
  const failed = change.error ?? cancel.error;

  function confirm() {
    const done = () => {
      toast.good(isCancel ? "Canceled" : takesEffect === "now" ? `You are on ${planOf(plan).name} now` : "Planned");
      onDone();
    };
    if (plan === unpaidPlan) cancel.mutate(tenant.input, { onSuccess: done });
    else change.mutate({ ...tenant.input, plan }, { onSuccess: done });
  }

  return (
    <div className="space-y-4">
      <p>{effectWords(preview.data, planOf(from).name)}</p>
      {obstacles.length > 0 && (
        <ul className="space-y-2">
          {obstacles.map((obstacle) => (
            <li key={obstacle.kind === "units" ? obstacle.channel : obstacle.kind}>
              <ObstacleNote obstacle={obstacle} blocks={isBlocked && obstacle.blocks} />
            </li>
          ))}
        </ul>
      )}
      {failed && <Callout tone="bad">{failed.message}</Callout>}
      <div className="flex justify-end gap-2">
        <DialogClose>
          <Button>Keep {planOf(from).name}</Button>
        </DialogClose>
        <Button
          variant={isCancel ? "danger" : "primary"}
          busy={change.isPending || cancel.isPending}
          disabled={isBlocked}
          onClick={confirm}
        >
          {isCancel ? "Cancel subscription" : `Change to ${planOf(plan).name}`}
        </Button>
      </div>
    </div>
  );
}

function effectWords({ plan, takesEffect, at }: PlanChange, from: string): string {
  const { name } = planOf(plan);
  const when = at ? `on ${longDay(at)}` : "at the end of the month";
  if (takesEffect === "now")
    return `${name} is in force at once. Its share of this month is charged now; if that payment fails, nothing changes.`;
  if (plan === unpaidPlan)
    return `${from} is paid for and stays until it ends ${when}; then ${name} is in force. Until that day you can take it back.`;
  return `${from} is paid for and stays until then: ${name} is in force ${when}. You can take it back before.`;
}

function ObstacleNote({ obstacle, blocks }: { obstacle: PlanChange["obstacles"][number]; blocks: boolean }) {
  const tenant = useTenant();
  if (obstacle.kind === "seats") {
    const { used, allowed } = obstacle;
    return (
      <Callout tone={blocks ? "bad" : "warn"} title={`The team takes ${used} seats of ${allowed}`}>
        {blocks
          ? "Make room first: remove members or take back invitations on the "
          : "Nobody is removed, but nobody can be added. See the "}
        <TextLink href={tenant.href("settings/team")}>page of the team</TextLink>.
      </Callout>
    );
  }
  if (obstacle.kind === "units") {
    const { channel, used, allowed } = obstacle;
    return (
      <Callout tone="warn" title={`${channelNames[channel] ?? channel}: ${formatCount(used)} used this month`}>
        It grants {formatCount(allowed)}: as much as this month would be refused.
      </Callout>
    );
  }
  const { days, daysNow } = obstacle;
  return (
    <Callout tone="warn" title={`Messages are kept for ${days} days`}>
      Older ones are deleted then.{daysNow !== null && ` Now it is ${daysNow} days.`}
    </Callout>
  );
}
