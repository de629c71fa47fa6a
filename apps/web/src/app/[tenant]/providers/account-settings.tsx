"use client";

import { useQuery } from "@tanstack/react-query";
import { useTenant } from "../../../shell/tenant-context";
import type { Answers } from "../../../trpc/answers";
import { useTRPC } from "../../../trpc/client";
import { Card, CardBody } from "../../../ui/card";
import { ErrorState } from "../../../ui/error-state";
import { KeyValue } from "../../../ui/key-value";
import { Section } from "../../../ui/section";
import { SkeletonRows } from "../../../ui/skeleton";
import { RelativeTime } from "../../../ui/time";
import { AccountForm } from "./account-form";
import type { SettingSchema } from "./config-values";

type Account = Answers["providers"]["get"];

/** What an account is set to: a form for those who may change it, facts for the others. */
export function AccountSettings({ account, mayWrite }: { account: Account; mayWrite: boolean }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const types = useQuery({ ...trpc.providers.types.queryOptions(tenant.input), staleTime: Number.POSITIVE_INFINITY });
  const type = types.data?.find(({ id }) => id === account.provider);
  return (
    <Section
      title="Credentials and limits"
      description="Stored encrypted. Changes take effect within seconds, once the provider has confirmed the credentials."
    >
      <Card className="max-w-3xl">
        <CardBody>
          {types.isError ? (
            <ErrorState error={types.error} onRetry={() => void types.refetch()} />
          ) : !type ? (
            <SkeletonRows rows={5} />
          ) : mayWrite ? (
            // Saved, it begins anew with what is stored.
            <AccountForm key={account.updatedAt} type={type} account={account} onSaved={() => {}} actions={null} />
          ) : (
            <KeyValue items={factsOf(type.config as SettingSchema, account)} />
          )}
        </CardBody>
      </Card>
    </Section>
  );
}

function factsOf({ properties = {} }: SettingSchema, { config, createdAt, rate, weight }: Account) {
  return [
    ...Object.entries(config).map(([name, value]) => ({
      label: properties[name]?.title ?? name,
      value: typeof value === "object" ? JSON.stringify(value) : String(value),
    })),
    { label: "Limit", value: rate ? `${rate.perSecond} a second, ${rate.burst} at once` : "None" },
    { label: "Weight", value: String(weight) },
    { label: "Added", value: <RelativeTime at={createdAt} /> },
  ];
}
