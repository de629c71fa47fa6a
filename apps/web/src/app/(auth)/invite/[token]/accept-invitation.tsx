"use client";

import { useMutation } from "@tanstack/react-query";
import { useTRPC } from "../../../../trpc/client";
import { Button } from "../../../../ui/button";
import { Callout } from "../../../../ui/callout";

/** Joins the team. */
export function AcceptInvitation({ token, tenant }: { token: string; tenant: string }) {
  const trpc = useTRPC();
  const accept = useMutation(
    trpc.account.acceptInvitation.mutationOptions({ onSuccess: ({ slug }) => window.location.assign(`/${slug}`) }),
  );
  return (
    <div className="space-y-4">
      {accept.error && <Callout tone="bad" title={accept.error.message} />}
      <Button
        variant="primary"
        size="lg"
        className="w-full"
        busy={accept.isPending || accept.isSuccess}
        onClick={() => accept.mutate({ token })}
      >
        Join {tenant}
      </Button>
    </div>
  );
}
