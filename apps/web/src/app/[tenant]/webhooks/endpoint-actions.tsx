"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CirclePause, CirclePlay, Ellipsis, History, Pencil, RotateCcw, Send, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { ConfirmDialog } from "../../../ui/confirm-dialog";
import { IconButton } from "../../../ui/icon-button";
import { Menu, MenuItem, MenuSeparator } from "../../../ui/menu";
import { toast } from "../../../ui/toast";
import { EndpointEditor } from "./endpoint-editor";
import type { Endpoint } from "./endpoint-words";
import { RepeatReports } from "./repeat-reports";
import { SendTestEvent } from "./send-test-event";
import { useEnableEndpoint } from "./use-enable-endpoint";

/** Everything one can do with an endpoint. */
export function EndpointActions({ endpoint }: { endpoint: Endpoint }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [opened, setOpened] = useState<"edit" | "test" | "recover" | "replay" | "delete" | null>(null);
  const { enable, disable } = useEnableEndpoint(endpoint);
  const remove = useMutation(
    trpc.webhooks.delete.mutationOptions({
      onSuccess: async () => {
        toast.good("Endpoint deleted");
        router.push(tenant.href("webhooks"));
        await queryClient.invalidateQueries({ queryKey: trpc.webhooks.list.queryKey() });
      },
    }),
  );
  const openerOf = (name: NonNullable<typeof opened>) => ({
    open: opened === name,
    onOpenChange: (open: boolean) => setOpened(open ? name : null),
  });

  return (
    <>
      <Button onClick={() => setOpened("edit")}>
        <Pencil aria-hidden />
        Edit
      </Button>
      {endpoint.enabled && (
        <Button variant="primary" onClick={() => setOpened("test")}>
          <Send aria-hidden />
          Send test event
        </Button>
      )}
      <Menu trigger={<IconButton label="More" icon={<Ellipsis aria-hidden />} variant="secondary" />}>
        <MenuItem icon={<RotateCcw />} disabled={!endpoint.enabled} onSelect={() => setOpened("recover")}>
          Recover what failed…
        </MenuItem>
        <MenuItem icon={<History />} disabled={!endpoint.enabled} onSelect={() => setOpened("replay")}>
          Replay what is missing…
        </MenuItem>
        <MenuSeparator />
        {endpoint.enabled ? (
          <MenuItem icon={<CirclePause />} onSelect={disable}>
            Disable
          </MenuItem>
        ) : (
          <MenuItem icon={<CirclePlay />} onSelect={enable}>
            Enable
          </MenuItem>
        )}
        <MenuItem icon={<Trash2 />} danger onSelect={() => setOpened("delete")}>
          Delete…
        </MenuItem>
      </Menu>
      <EndpointEditor endpoint={endpoint} {...openerOf("edit")} />
      <SendTestEvent endpoint={endpoint} {...openerOf("test")} />
      <RepeatReports endpoint={endpoint} kind="recover" {...openerOf("recover")} />
      <RepeatReports endpoint={endpoint} kind="replay" {...openerOf("replay")} />
      <ConfirmDialog
        title="Delete this endpoint?"
        description={
          <>
            Nothing more is posted to <bdi className="wrap-anywhere font-medium text-ink">{endpoint.url}</bdi>. What was
            still to be posted fails. Its secret is gone for good.
          </>
        }
        action="Delete endpoint"
        name={endpoint.url}
        onConfirm={() => remove.mutateAsync({ ...tenant.input, id: endpoint.id })}
        {...openerOf("delete")}
      />
    </>
  );
}
