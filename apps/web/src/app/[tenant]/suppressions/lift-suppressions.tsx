"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { ConfirmDialog } from "../../../ui/confirm-dialog";
import { formatCount } from "../../../ui/format-number";
import { toast } from "../../../ui/toast";
import { liftWords, reasonWords, type Suppression, type SuppressionReason } from "./suppression-words";

/** Most that the server lifts at once. */
const most = 100;

/** What can be done with the suppressions that are ticked: lifting them, after saying what that means. */
export function LiftSuppressions({ chosen, onClear }: { chosen: readonly Suppression[]; onClear: () => void }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const lift = useMutation(
    trpc.suppressions.lift.mutationOptions({
      onSuccess: (lifted) => {
        toast.good(`Lifted ${counted(lifted.length)}`, { description: "Their addresses are sent to again." });
        onClear();
        return queryClient.invalidateQueries({ queryKey: trpc.suppressions.pathKey() });
      },
    }),
  );
  if (chosen.length === 0) return null;
  return (
    <section
      aria-label="Ticked suppressions"
      className="mb-3 flex flex-wrap items-center gap-2 rounded-lg border border-line bg-sunken py-1.5 pr-1.5 pl-4"
    >
      <p aria-live="polite" className="mr-auto">
        {formatCount(chosen.length)} ticked{chosen.length > most && `; at most ${most} are lifted at once`}
      </p>
      <Button size="sm" variant="ghost" onClick={onClear}>
        Clear
      </Button>
      <ConfirmDialog
        title={`Send to the addresses of ${counted(chosen.length)} again?`}
        description={
          <>
            {reasonsOf(chosen).map(([reason, count]) => (
              <span key={reason} className="mb-2 block">
                <span className="font-medium text-ink">
                  {reasonWords[reason]} · {formatCount(count)}
                </span>
                <br />
                {liftWords[reason]}
              </span>
            ))}
            Messages go to them again at once, in test and live mode.
          </>
        }
        action={`Lift ${counted(chosen.length)}`}
        onConfirm={() => lift.mutateAsync({ ...tenant.input, ids: chosen.map(({ id }) => id) })}
        trigger={
          <Button size="sm" disabled={chosen.length > most}>
            Lift
          </Button>
        }
      />
    </section>
  );
}

const counted = (count: number) => `${formatCount(count)} ${count === 1 ? "suppression" : "suppressions"}`;

/** Why they are suppressed, the gravest first, and how many of each. */
function reasonsOf(chosen: readonly Suppression[]): [SuppressionReason, number][] {
  return (Object.keys(reasonWords) as SuppressionReason[]).flatMap((reason) => {
    const count = chosen.filter((one) => one.reason === reason).length;
    return count > 0 ? [[reason, count] as [SuppressionReason, number]] : [];
  });
}
