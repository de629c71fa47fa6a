import { DiffView } from "../../../../ui/diff-view";
import type { ChangedPart } from "../content-parts";

/** What differs, part by part. */
export function ChangeList({ parts }: { parts: readonly ChangedPart[] }) {
  if (parts.length === 0) return <p className="text-ink-muted text-sm">Nothing differs.</p>;
  return (
    <ul className="space-y-4">
      {parts.map(({ label, before, after }) => (
        <li key={label} className="min-w-0 space-y-1.5">
          <h3 className="font-medium text-sm">{label}</h3>
          <DiffView label={label} before={before} after={after} />
        </li>
      ))}
    </ul>
  );
}
