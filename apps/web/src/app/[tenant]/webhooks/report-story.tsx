import type { Answers } from "../../../trpc/answers";
import { CodeBlock } from "../../../ui/code-block";
import { Fold } from "../../../ui/fold";
import { formatDuration } from "../../../ui/format-number";
import { JsonView } from "../../../ui/json-view";
import { KeyValue } from "../../../ui/key-value";
import { Section } from "../../../ui/section";
import { ExactTime, RelativeTime } from "../../../ui/time";
import { Timeline, type TimelineEvent } from "../../../ui/timeline";
import { MessageLink } from "../message-link";
import { meaningOf } from "./event-words";
import { ReportStatus } from "./report-status";

type ReportDetail = Answers["webhooks"]["report"];
type Attempt = ReportDetail["attempts"][number];

/** What was posted, with which headers, and what the endpoint answered each time. */
export function ReportStory({ report, headerNames }: { report: ReportDetail; headerNames: readonly string[] }) {
  const waits = report.status === "PENDING" && report.nextAttemptAt;
  return (
    <div className="space-y-6">
      <KeyValue
        items={[
          { label: "Status", value: <ReportStatus {...report} /> },
          {
            label: "Event",
            value: (
              <>
                <code className="font-mono text-sm">{report.type}</code>
                <span className="block text-ink-muted text-xs">{meaningOf(report.type)}</span>
              </>
            ),
          },
          { label: "Message", value: <MessageLink id={report.notificationId} /> },
          { label: "Written", value: <ExactTime at={report.createdAt} /> },
          ...(waits ? [{ label: "Next attempt", value: <RelativeTime at={waits} /> }] : []),
        ]}
      />
      <Section title="Attempts">
        {report.attempts.length === 0 ? (
          <p className="text-ink-muted text-sm">None yet: it is on its way.</p>
        ) : (
          <Timeline label="Attempts" times="exact" events={report.attempts.map(eventOf)} />
        )}
      </Section>
      <Section title="Request">
        <JsonView label="Body" value={report.body} openLevels={3} />
        <Fold title="Body, byte for byte">
          <CodeBlock label="What is signed" code={JSON.stringify(report.body)} wrap />
        </Fold>
        <CodeBlock label="Headers" code={headersOf(report.id, headerNames)} wrap />
      </Section>
    </div>
  );
}

function headersOf(id: string, headerNames: readonly string[]): string {
  return [
    "content-type: application/json",
    "user-agent: Tidings",
    `webhook-id: ${id}`,
    "webhook-timestamp: (seconds since 1970, of each attempt)",
    "webhook-signature: v1,(made anew for each attempt)",
    ...headerNames.map((name) => `${name}: ••••••`),
  ].join("\n");
}

const tones = { delivered: "good", deferred: "warn", failed: "bad" } as const;

function eventOf({ number, outcome, statusCode, response, reason, startedAt, durationMs }: Attempt): TimelineEvent {
  return {
    key: String(number),
    tone: tones[outcome as keyof typeof tones] ?? "unknown",
    title: statusCode === null ? `Attempt ${number}: no answer` : `Attempt ${number}: answered ${statusCode}`,
    at: startedAt,
    aside: formatDuration(durationMs),
    children: (
      <div className="space-y-2">
        {statusCode === null && reason && <p dir="auto">{reason}</p>}
        {response ? (
          <CodeBlock label={`Answer to attempt ${number}`} code={response} wrap className="[&>section]:max-h-60" />
        ) : (
          statusCode !== null && <p>With an empty body.</p>
        )}
      </div>
    ),
  };
}
