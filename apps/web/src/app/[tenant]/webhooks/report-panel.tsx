"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { ErrorState } from "../../../ui/error-state";
import { failureOf } from "../../../ui/failure";
import { IdChip } from "../../../ui/id-chip";
import { Sheet } from "../../../ui/sheet";
import { SkeletonRows } from "../../../ui/skeleton";
import { toast } from "../../../ui/toast";
import { ReportStory } from "./report-story";

interface ReportPanelProps {
  id: string | null;
  /** Of the endpoint's own headers, which are sent as well. */
  headerNames: readonly string[];
  /** Whether the endpoint takes reports: a disabled one cannot be posted to. */
  isEnabled: boolean;
  onClose: () => void;
}

/** One report beside the list: what was posted, and every attempt. */
export function ReportPanel({ id, headerNames, isEnabled, onClose }: ReportPanelProps) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const found = useQuery({
    ...trpc.webhooks.report.queryOptions({ ...tenant.input, report: id ?? "" }),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data?.status === "PENDING" ? 1_500 : false),
  });
  const redeliver = useMutation(
    trpc.webhooks.redeliver.mutationOptions({
      onSuccess: () => {
        toast.good("On its way again");
        return queryClient.invalidateQueries({ queryKey: trpc.webhooks.pathKey() });
      },
      onError: (error) => toast.bad("It could not be posted again", { description: failureOf(error).message }),
    }),
  );
  const report = found.data;

  return (
    <Sheet
      title="Report"
      description={id && <IdChip id={id} length={24} className="-ml-1" />}
      size="lg"
      modal={false}
      open={id !== null}
      onOpenChange={(open) => !open && onClose()}
      actions={
        report &&
        isEnabled &&
        tenant.can("webhooks.write") && (
          <Button
            size="sm"
            busy={redeliver.isPending}
            onClick={() => redeliver.mutate({ ...tenant.input, report: report.id })}
          >
            <RotateCcw aria-hidden />
            Redeliver
          </Button>
        )
      }
    >
      {report ? (
        <ReportStory report={report} headerNames={headerNames} />
      ) : found.isError ? (
        <ErrorState title="The report could not be loaded" error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <SkeletonRows rows={6} />
      )}
    </Sheet>
  );
}
