"use client";

import { useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { type ReactElement, useState } from "react";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Sheet } from "../../../ui/sheet";
import { SkeletonFields } from "../../../ui/skeleton";
import { toast } from "../../../ui/toast";
import type { Endpoint } from "./endpoint-words";

const EndpointForm = dynamic(() => import("./endpoint-form").then((module) => module.EndpointForm), {
  ssr: false,
  loading: () => <SkeletonFields fields={4} />,
});

/** The sheet that makes an endpoint, or changes one. */
export function EndpointEditor(props: {
  endpoint?: Endpoint;
  trigger?: ReactElement;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}) {
  const { endpoint, trigger, onOpenChange } = props;
  const tenant = useTenant();
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [openInside, setOpenInside] = useState(false);
  const open = props.open ?? openInside;

  function changeOpen(next: boolean) {
    setOpenInside(next);
    onOpenChange?.(next);
  }

  async function saved(after: Endpoint) {
    void queryClient.invalidateQueries({ queryKey: trpc.webhooks.pathKey() });
    changeOpen(false);
    if (endpoint) toast.good("Saved", { description: "The next report goes by it." });
    else {
      toast.good("Endpoint added", { description: "Send a test event to see that it answers." });
      router.push(tenant.href(`webhooks/${after.id}`));
    }
  }

  return (
    <Sheet
      title={endpoint ? "Change endpoint" : "Add a webhook endpoint"}
      description={endpoint ? undefined : `It hears what happens in ${tenant.mode} mode.`}
      size="lg"
      trigger={trigger}
      open={open}
      onOpenChange={changeOpen}
    >
      <EndpointForm endpoint={endpoint} onSaved={saved} />
    </Sheet>
  );
}
