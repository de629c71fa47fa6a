"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { ErrorState } from "../../../ui/error-state";
import { PageHeader } from "../../../ui/page-header";
import { SkeletonRows } from "../../../ui/skeleton";
import { FirstMessage } from "./first-message";
import { FirstSteps } from "./first-steps";
import { Health, Verdict } from "./health";

/** What to do first; then whether everything is all right. */
export function OverviewPage() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const checklist = useQuery(trpc.overview.checklist.queryOptions(tenant.input));
  // What was true at the first look: the first message's way stays in sight once it has come.
  const [beganEmpty, setBeganEmpty] = useState<Record<string, boolean>>({});
  const isEmpty = checklist.data?.lastMessage === null;
  if (checklist.data && beganEmpty[tenant.mode] === undefined) setBeganEmpty({ ...beganEmpty, [tenant.mode]: isEmpty });

  return (
    <>
      <PageHeader
        title={tenant.name}
        aside={checklist.data && !isEmpty && <Verdict />}
        description={
          isEmpty ? "Send a message, and watch it travel." : "What was sent, how well it went, and what needs a look."
        }
      />
      {checklist.isError && <ErrorState error={checklist.error} onRetry={() => void checklist.refetch()} />}
      {checklist.isPending && <SkeletonRows rows={6} />}
      {checklist.data && (
        <div className="space-y-8">
          {(isEmpty || beganEmpty[tenant.mode]) && <FirstMessage key={tenant.mode} />}
          <FirstSteps checklist={checklist.data} />
          {!isEmpty && <Health />}
        </div>
      )}
    </>
  );
}
