import { planOf } from "@tidings/shared/plans";
import { Server } from "lucide-react";
import { useTenant } from "../../../shell/tenant-context";
import { EmptyState } from "../../../ui/empty-state";
import { TextLink } from "../../../ui/text-link";

/** Without Stripe: nothing is sold, and the plan is what the operator says. */
export function SelfHosted({ plan: id }: { plan: string }) {
  const tenant = useTenant();
  const plan = planOf(id);
  const isUnlimited = Object.keys(plan.monthlyUnits).length === 0;
  return (
    <EmptyState icon={<Server />} title={isUnlimited ? "Self-hosted and unlimited" : "Self-hosted"}>
      This Tidings is run by yourselves: nothing is sold, metered or billed. The operator has put {tenant.name} on the
      plan <strong className="font-medium text-ink">{plan.name}</strong>
      {isUnlimited ? (
        ", which sets no quota."
      ) : (
        <>
          ; its quotas are on the <TextLink href={tenant.href("usage")}>page of usage</TextLink>.
        </>
      )}
    </EmptyState>
  );
}
