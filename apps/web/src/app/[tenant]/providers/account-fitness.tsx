import { Status } from "../../../ui/status";
import { RelativeTime } from "../../../ui/time";
import { Tooltip } from "../../../ui/tooltip";
import type { Fitness } from "./provider-words";

const why = {
  open: "It failed so often that workers leave it alone for a while; then one message tries it again.",
  "half-open": "It failed lately. One message is trying it again.",
  closed: "",
};

/** How an account is doing; when workers leave it alone, why. */
export function AccountStatus({ state, circuit }: Pick<Fitness, "state" | "circuit">) {
  const words = state === "disabled" || circuit === null ? "" : why[circuit];
  if (words === "") return <Status value={state} />;
  return (
    <Tooltip content={words}>
      <button type="button" className="rounded-sm">
        <Status value={state} />
      </button>
    </Tooltip>
  );
}

/** The latest failure of the last day, in the provider's words. */
export function LastError({ today }: Pick<Fitness, "today">) {
  if (!today?.lastError) return null;
  const { at, reason } = today.lastError;
  return (
    <p className="wrap-anywhere line-clamp-2 text-bad text-xs">
      Last error <RelativeTime at={at} />: {reason ?? "no words"}
    </p>
  );
}
