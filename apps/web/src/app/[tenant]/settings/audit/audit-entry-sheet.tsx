"use client";

import { DiffView } from "../../../../ui/diff-view";
import { IdChip } from "../../../../ui/id-chip";
import { KeyValue } from "../../../../ui/key-value";
import { Section } from "../../../../ui/section";
import { Sheet } from "../../../../ui/sheet";
import { ExactTime } from "../../../../ui/time";
import type { AuditEntry } from "./audit-entry";
import { auditActionWords, auditValueText } from "./audit-words";

/** One entry beside the list: everything known of it, and what it changed. */
export function AuditEntrySheet({ entry, onClose }: { entry: AuditEntry | null; onClose: () => void }) {
  return (
    <Sheet
      title={entry ? auditActionWords(entry.action) : ""}
      description={entry && <ExactTime at={entry.at} />}
      open={entry !== null}
      onOpenChange={(open) => !open && onClose()}
      size="lg"
      modal={false}
    >
      {entry && <Entry entry={entry} />}
    </Sheet>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const before = auditValueText(entry.before);
  const after = auditValueText(entry.after);
  return (
    <div className="space-y-6">
      <KeyValue
        items={[
          { label: "Who", value: entry.actor },
          { label: "What", value: <code className="font-mono text-xs">{entry.action}</code> },
          { label: "Target", value: entry.target },
          { label: "IP address", value: entry.ipAddress },
          { label: "Browser", value: entry.userAgent },
          { label: "Request", value: entry.requestId && <IdChip id={entry.requestId} /> },
          { label: "Entry", value: <IdChip id={entry.id} /> },
        ]}
      />
      <Section title="What changed">
        {before || after ? (
          <DiffView label="Before and after" before={before} after={after} />
        ) : (
          <p className="text-ink-muted text-sm">No fields were recorded for this action.</p>
        )}
      </Section>
    </div>
  );
}
