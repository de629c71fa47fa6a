import { formatCount } from "../../../ui/format-number";
import { KeyValue } from "../../../ui/key-value";
import { type Erasure, erasedNames } from "./recipient-words";

/** How much an erasure removed, of what there was any. */
export function ErasedCounts({ erased }: { erased: Erasure["erased"] }) {
  const found = Object.entries(erased).filter(([, count]) => count > 0);
  if (found.length === 0) return <p className="text-ink-muted text-sm">Nothing was stored of them.</p>;
  return (
    <KeyValue
      items={found.map(([kind, count]) => ({
        label: erasedNames[kind as keyof Erasure["erased"]] ?? kind,
        value: formatCount(count),
      }))}
    />
  );
}
