import { planOf } from "@tidings/shared/plans";
import { BarChart3, Server } from "lucide-react";
import { useTenant } from "../../../shell/tenant-context";
import { ButtonLink } from "../../../ui/button";
import { Card, CardBody, CardHeader } from "../../../ui/card";
import { formatCount } from "../../../ui/format-number";
import { KeyValue } from "../../../ui/key-value";
import { Status } from "../../../ui/status";

const most = (number: number | null, otherwise: string) => (number === null ? otherwise : formatCount(number));

/** Without Stripe: nothing is sold, and the plan is what the operator says. */
export function SelfHosted({ plan: id }: { plan: string }) {
  const tenant = useTenant();
  const plan = planOf(id);
  const isUnlimited = Object.keys(plan.monthlyUnits).length === 0;
  return (
    <Card className="max-w-3xl">
      <CardHeader
        title={
          <span className="flex items-center gap-2">
            <Server aria-hidden className="size-4 text-ink-muted" />
            {isUnlimited ? "Self-hosted and unlimited" : "Self-hosted"}
          </span>
        }
      >
        <Status value="active" />
      </CardHeader>
      <CardBody className="space-y-4">
        <p className="max-w-prose text-pretty text-ink-muted">
          You run this Tidings yourselves, so nothing is sold, metered or billed. Its operator decides which plan{" "}
          {tenant.name} is on.
        </p>
        <KeyValue
          items={[
            { label: "Plan", value: plan.name },
            { label: "Monthly quotas", value: isUnlimited ? "None" : "On some channels: see usage" },
            { label: "API requests a second", value: most(plan.requestsPerSecond, "The platform’s default") },
            {
              label: "Messages kept",
              value: plan.retentionDays === null ? "As long as the platform keeps any" : `${plan.retentionDays} days`,
            },
            { label: "Team members", value: most(plan.seats, "Any number") },
          ]}
        />
        {tenant.can("usage.read") && (
          <ButtonLink href={tenant.href("usage")}>
            <BarChart3 aria-hidden />
            See usage
          </ButtonLink>
        )}
      </CardBody>
    </Card>
  );
}
