"use client";

import { useTenant } from "../../../shell/tenant-context";
import { Button } from "../../../ui/button";
import { Callout } from "../../../ui/callout";
import { RelativeTime } from "../../../ui/time";
import type { Endpoint } from "./endpoint-words";
import { useEnableEndpoint } from "./use-enable-endpoint";

/** What is wrong with an endpoint, and what to do about it; nothing when all is well. */
export function EndpointNotice({ endpoint }: { endpoint: Endpoint }) {
  const tenant = useTenant();
  const { enable, isPending } = useEnableEndpoint(endpoint);
  const { enabled, disabledReason, failingSince } = endpoint;
  if (enabled && !failingSince) return null;

  if (enabled && failingSince) {
    return (
      <Callout tone="warn" title="Nothing gets through" className="mb-4">
        Every attempt has failed since <RelativeTime at={failingSince} />. Reports are retried for about a day each.
        After five days without a success, Tidings disables the endpoint and tells the team.
      </Callout>
    );
  }
  return (
    <Callout
      tone={disabledReason ? "bad" : "info"}
      title={disabledReason ? "Tidings disabled this endpoint" : "This endpoint is disabled"}
      className="mb-4"
      action={
        tenant.can("webhooks.write") && (
          <Button busy={isPending} onClick={enable}>
            Enable again
          </Button>
        )
      }
    >
      {disabledReason && `${disabledReason} `}
      It gets nothing now. Once it is enabled, the menu above can post again what failed (Recover), and what it was
      never told (Replay).
    </Callout>
  );
}
