"use client";

import { useQuery } from "@tanstack/react-query";
import { planOf } from "@tidings/shared/plans";
import { useTRPC } from "../../../../trpc/client";
import { Badge } from "../../../../ui/badge";
import { Card, CardBody } from "../../../../ui/card";
import { ErrorState } from "../../../../ui/error-state";
import { formatCount } from "../../../../ui/format-number";
import { IdChip } from "../../../../ui/id-chip";
import { KeyValue } from "../../../../ui/key-value";
import { PageHeader } from "../../../../ui/page-header";
import { Section } from "../../../../ui/section";
import { SkeletonRows } from "../../../../ui/skeleton";
import { Stat, StatRow } from "../../../../ui/stat";
import { TextLink } from "../../../../ui/text-link";
import { ExactTime } from "../../../../ui/time";
import { ChangeTenant } from "./change-tenant";
import type { OperatorTenant } from "./operator-tenant";
import { TenantLimits } from "./tenant-limits";
import { Visit } from "./visit";

/** One tenant as the operator has it. */
export function TenantPage({ slug }: { slug: string }) {
  const trpc = useTRPC();
  const { data: tenant, isError, error, refetch } = useQuery(trpc.tenants.get.queryOptions({ slug }));
  if (isError)
    return <ErrorState title="The tenant could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!tenant) return <SkeletonRows rows={8} />;
  const { sent, failed, accepted } = tenant.volume;

  return (
    <>
      <PageHeader
        back={<TextLink href="/operator/tenants">Tenants</TextLink>}
        title={<bdi>{tenant.name}</bdi>}
        aside={<Badge>{planOf(tenant.plan).name}</Badge>}
        actions={
          <>
            <ChangeTenant tenant={tenant} />
            {tenant.isOpenToVisits && <Visit tenant={tenant} />}
          </>
        }
      />
      <div className="space-y-8">
        <Section title="Last 30 days" description="In live mode, over all channels.">
          <StatRow>
            <Stat label="Accepted" value={formatCount(accepted)} note="Deliveries" />
            <Stat label="Sent" value={formatCount(sent)} />
            <Stat
              label="Failed"
              value={formatCount(failed)}
              note={
                failed > 0 ? (
                  <TextLink href={`/operator/dead-letters?tenant=${slug}`}>Its dead letters</TextLink>
                ) : undefined
              }
            />
          </StatRow>
        </Section>
        <div className="grid gap-8 lg:grid-cols-2">
          <Facts tenant={tenant} />
          <Team tenant={tenant} />
        </div>
        <TenantLimits tenant={tenant} />
      </div>
    </>
  );
}

function Facts({ tenant }: { tenant: OperatorTenant }) {
  return (
    <Section title="What it is">
      <Card>
        <CardBody className="py-1">
          <KeyValue
            items={[
              { label: "Short name", value: <code className="font-mono text-xs">{tenant.slug}</code> },
              { label: "Id", value: <IdChip id={tenant.id} /> },
              { label: "Created", value: <ExactTime at={tenant.createdAt} /> },
              { label: "Contact address", value: tenant.contactEmail ?? "None: its owners are told" },
              {
                label: "Platform’s accounts",
                value: tenant.usesPlatformAccounts ? "May use them" : "Only its own",
              },
              {
                label: "Second factor",
                value: tenant.requiresTwoFactor ? "Required of its team" : "Up to each member",
              },
            ]}
          />
        </CardBody>
      </Card>
    </Section>
  );
}

function Team({ tenant: { team } }: { tenant: OperatorTenant }) {
  const people = [
    ...team.members.map(({ id, name, email, role }) => ({ id, name, email, role, waits: false })),
    ...team.invitations.map(({ id, email, role }) => ({ id, name: email, email, role, waits: true })),
  ];
  return (
    <Section title="Team">
      <Card>
        <CardBody className="py-1">
          {people.length === 0 ? (
            <p className="py-2 text-ink-muted text-sm">
              Nobody is in its team. Add somebody with{" "}
              <code className="font-mono text-xs">npm run tidings -- users add</code>.
            </p>
          ) : (
            <ul className="divide-y divide-line text-sm">
              {people.map(({ id, name, email, role, waits }) => (
                <li key={id} className="flex min-h-9 items-center gap-3 py-1">
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{name}</span>
                    {name !== email && <span className="block truncate text-ink-muted text-xs">{email}</span>}
                  </span>
                  <Badge className="capitalize">{waits ? `${role}, invited` : role}</Badge>
                </li>
              ))}
            </ul>
          )}
        </CardBody>
      </Card>
    </Section>
  );
}
