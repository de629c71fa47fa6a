import { IdChip } from "./id-chip";

/** What to tell support: finds the request in the server's log. */
export function RequestId({ id }: { id: string }) {
  return (
    <span className="inline-flex items-center gap-1 text-ink-muted text-xs">
      Request <IdChip id={id} length={40} />
    </span>
  );
}
