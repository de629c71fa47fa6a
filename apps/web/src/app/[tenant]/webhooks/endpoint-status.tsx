import { Status } from "../../../ui/status";
import type { Endpoint } from "./endpoint-words";

/** Whether an endpoint is told anything, and whether it answers. */
export function EndpointStatus({ enabled, disabledReason, failingSince }: Endpoint) {
  if (!enabled) return disabledReason ? <Status tone="bad">Disabled</Status> : <Status value="disabled" />;
  return <Status value={failingSince ? "failing" : "enabled"} />;
}
