"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { ErrorState } from "../../../ui/error-state";
import { IdChip } from "../../../ui/id-chip";
import { PageHeader } from "../../../ui/page-header";
import { SkeletonRows } from "../../../ui/skeleton";
import { Tabs } from "../../../ui/tabs";
import { TextLink } from "../../../ui/text-link";
import { EndpointActions } from "./endpoint-actions";
import { EndpointFacts } from "./endpoint-facts";
import { EndpointHealth } from "./endpoint-health";
import { EndpointNotice } from "./endpoint-notice";
import { EndpointReports } from "./endpoint-reports";
import { EndpointStatus } from "./endpoint-status";
import { SigningSecret } from "./signing-secret";
import { VerifySamples } from "./verify-samples";

/** One endpoint: how it is doing, what was posted to it, and how its owner verifies that. */
export function EndpointPage({ id }: { id: string }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const [{ tab }, setPlace] = useQueryStates({ tab: parseAsString.withDefault("reports") });
  const found = useQuery({ ...trpc.webhooks.get.queryOptions({ ...tenant.input, id }), refetchInterval: 15_000 });
  const back = <TextLink href={tenant.href("webhooks")}>Webhooks</TextLink>;
  const endpoint = found.data;

  if (!endpoint) {
    return (
      <>
        <PageHeader title="Webhook endpoint" back={back} />
        {found.isError ? (
          <ErrorState
            title="The endpoint could not be loaded"
            error={found.error}
            onRetry={() => void found.refetch()}
          />
        ) : (
          <SkeletonRows rows={6} />
        )}
      </>
    );
  }

  return (
    <>
      <PageHeader
        title={
          <bdi className="line-clamp-3" title={endpoint.url}>
            {endpoint.url}
          </bdi>
        }
        back={back}
        aside={
          <>
            <EndpointStatus {...endpoint} />
            <IdChip id={endpoint.id} />
          </>
        }
        description={endpoint.description && <bdi className="wrap-anywhere line-clamp-3">{endpoint.description}</bdi>}
        actions={tenant.can("webhooks.write") && <EndpointActions endpoint={endpoint} />}
      />
      <EndpointNotice endpoint={endpoint} />
      <Tabs
        label="Parts of the endpoint"
        value={tab}
        onValueChange={(value) => void setPlace({ tab: value })}
        tabs={[
          {
            value: "reports",
            label: "Reports",
            panel: (
              <div className="space-y-6">
                <EndpointHealth id={endpoint.id} />
                <EndpointReports endpoint={endpoint} />
              </div>
            ),
          },
          {
            value: "verify",
            label: "Secret and verifying",
            panel: (
              <div className="space-y-8">
                <SigningSecret endpoint={endpoint} />
                <VerifySamples />
              </div>
            ),
          },
          { value: "settings", label: "Settings", panel: <EndpointFacts endpoint={endpoint} /> },
        ]}
      />
    </>
  );
}
