import { cn } from "../../../ui/cn";
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

/** The latest failure of the last day, in the provider's words; a single one of an account that does well is no alarm. */
export function LastError({ state, today }: Pick<Fitness, "state" | "today">) {
  if (!today?.lastError) return null;
  const { at, reason } = today.lastError;
  const isAlarming = state === "failing" || state === "degraded";
  return (
    <p
      title={reason ?? undefined}
      className={cn("wrap-anywhere line-clamp-2 text-xs", isAlarming ? "text-bad" : "text-ink-muted")}
    >
      Last error <RelativeTime at={at} />: {reason ?? "the provider gave no reason"}
    </p>
  );
}
