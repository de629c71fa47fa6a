import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { plansForSale } from "@tidings/shared/plans";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useTenant } from "../../../shell/tenant-context";
import type { Answers } from "../../../trpc/answers";
import { useTRPC } from "../../../trpc/client";
import { toast } from "../../../ui/toast";

export type Billing = Extract<Answers["billing"]["get"], { kind: "stripe" }>;
export type Offer = Answers["billing"]["offers"][number];

/** Changes of the subscription that take effect here; afterwards everything that shows the plan is asked for anew. */
export function useSubscriptionChanges() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const onSuccess = async () => {
    await Promise.all(
      [trpc.billing.pathKey(), trpc.usage.quotas.pathKey()].map((queryKey) =>
        queryClient.invalidateQueries({ queryKey }),
      ),
    );
    router.refresh(); // the layout knows the plan, too
  };
  return {
    change: useMutation(trpc.billing.change.mutationOptions({ onSuccess })),
    cancel: useMutation(trpc.billing.cancel.mutationOptions({ onSuccess })),
    keep: useMutation(trpc.billing.keep.mutationOptions({ onSuccess })),
  };
}

/** Opens Stripe's customer portal in this tab; it leads back here. */
export function usePortal() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const { leave, leaving } = useLeave();
  const portal = useMutation(
    trpc.billing.portal.mutationOptions({
      onSuccess: ({ url }) => leave(url),
      onError: (error) => toast.bad("Stripe’s portal could not be opened", { description: error.message }),
    }),
  );
  return { open: () => portal.mutate(tenant.input), busy: portal.isPending || leaving };
}

/** Opens a checkout of a plan in this tab; it leads back here. */
export function useCheckout() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const { leave, leaving } = useLeave();
  const checkout = useMutation(
    trpc.billing.checkout.mutationOptions({
      onSuccess: ({ url }) => leave(url),
      onError: (error) => toast.bad("The checkout could not be started", { description: error.message }),
    }),
  );
  return {
    start: (plan: (typeof plansForSale)[number]) => checkout.mutate({ ...tenant.input, plan }),
    busy: checkout.isPending || leaving,
  };
}

/** Goes to another site. The page stands until that answers, and stands again for who comes back by the history. */
function useLeave() {
  const [leaving, setLeaving] = useState(false);
  useEffect(() => {
    const comeBack = () => setLeaving(false);
    window.addEventListener("pageshow", comeBack);
    return () => window.removeEventListener("pageshow", comeBack);
  }, []);
  function leave(url: string) {
    setLeaving(true);
    window.location.assign(url);
  }
  return { leave, leaving };
}
