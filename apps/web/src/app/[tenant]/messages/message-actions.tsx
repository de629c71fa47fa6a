"use client";

import { useMutation } from "@tanstack/react-query";
import { Ban, RotateCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { ConfirmDialog } from "../../../ui/confirm-dialog";
import { toast } from "../../../ui/toast";
import type { MessageStory } from "./use-message-story";

/** What can still be done about a message: cancel it before it is processed, send it again once it is settled. */
export function MessageActions({ story: { notification, isErased } }: { story: MessageStory }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const router = useRouter();
  const about = { ...tenant.input, id: notification.id };
  const resend = useMutation(
    trpc.messages.resend.mutationOptions({
      onSuccess: ({ id }) => {
        toast.good("Sent again", { description: "As a new message, with the same content." });
        router.push(tenant.href(`messages/${id}`));
      },
    }),
  );
  const cancel = useMutation(trpc.messages.cancel.mutationOptions({ onSuccess: () => toast.good("Canceled") }));
  if (!tenant.can("messages.send")) return null;

  if (notification.status === "SCHEDULED" || notification.status === "PENDING") {
    return (
      <ConfirmDialog
        title="Cancel this message?"
        description="It will not be sent. This cannot be undone, but the same message can be sent again."
        action="Cancel the message"
        onConfirm={() => cancel.mutateAsync(about)}
        trigger={
          <Button>
            <Ban aria-hidden />
            Cancel
          </Button>
        }
      />
    );
  }
  if (notification.settledAt === null || isErased) return null;
  return (
    <ConfirmDialog
      title="Send it again?"
      description={
        notification.mode === "live"
          ? "The person receives the same message once more, on the channels they are reached on today."
          : "The same test message runs through the pipeline once more."
      }
      action="Send again"
      onConfirm={() => resend.mutateAsync(about)}
      trigger={
        <Button>
          <RotateCw aria-hidden />
          Resend
        </Button>
      }
    />
  );
}
