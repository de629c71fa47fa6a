"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { ErrorState } from "../../../ui/error-state";
import { Skeleton } from "../../../ui/skeleton";
import { ContentView } from "../content-view";

/** What a delivery says, rendered as it was sent; asked for only when somebody wants to read it. */
export function DeliveryContent({ id }: { id: string }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const [isOpen, setIsOpen] = useState(false);
  const said = useQuery(trpc.messages.content.queryOptions({ ...tenant.input, id }, { enabled: isOpen }));
  if (!tenant.can("messages.content")) return null;

  return (
    <div className="space-y-3">
      <Button size="sm" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        {isOpen ? "Hide what it says" : "Show what it says"}
      </Button>
      {isOpen && said.isPending && <Skeleton className="h-40 w-full" />}
      {isOpen && said.isError && <ErrorState error={said.error} onRetry={() => void said.refetch()} />}
      {isOpen && said.data && (
        <>
          {said.data.content ? (
            <ContentView
              channel={said.data.channel}
              content={said.data.content}
              sms={said.data.sms}
              frame={said.data.frame}
            />
          ) : (
            <p className="text-ink-muted text-sm">Nothing to show: {said.data.reason}</p>
          )}
          {said.data.mayDiffer && (
            <p className="text-ink-muted text-xs">
              The recipient's record was changed since: what the template read of it may have been something else.
            </p>
          )}
        </>
      )}
    </div>
  );
}
