import { Badge } from "../../ui/badge";
import { Card, CardBody } from "../../ui/card";
import { CodeBlock } from "../../ui/code-block";
import { Status } from "../../ui/status";
import { Timeline, type TimelineEvent } from "../../ui/timeline";

/** The message of the sample as its page would tell it, with a provider that failed on the way. */
const events: readonly TimelineEvent[] = [
  { key: "accepted", tone: "good", title: "Message accepted", children: "order_shipped to usr_42" },
  { key: "queued", tone: "active", title: "Email queued", children: "to ann@example.com" },
  {
    key: "deferred",
    tone: "warn",
    title: "Attempt deferred",
    aside: "Amazon SES",
    children: <code className="font-mono text-xs">454 4.7.0 Temporary authentication failure</code>,
  },
  {
    key: "sent",
    tone: "good",
    title: "Attempt sent",
    aside: "your own SMTP server",
    children: "Failover: first in order",
  },
  {
    key: "delivered",
    tone: "good",
    title: "Email delivered",
    children: <code className="font-mono text-xs">250 2.0.0 OK</code>,
  },
  { key: "opened", tone: "good", title: "Email opened" },
];

const report = JSON.stringify(
  {
    type: "delivery.delivered",
    timestamp: "2026-11-21T09:00:00.000Z",
    data: {
      id: "dlv_01h455vb4pex5vsknk084sn02q",
      notificationId: "ntf_01h455vb4pex5vsknk084sn02q",
      channel: "email",
      address: "ann@example.com",
      recipientId: "usr_42",
      status: "DELIVERED",
      provider: "smtp",
      reason: "250 2.0.0 OK",
      attempt: 2,
    },
  },
  null,
  2,
);

/** The other end of the call: the story that people read, and the report that the backend gets. */
export function Outcome() {
  return (
    <section aria-labelledby="outcome" className="mt-16">
      <h2 id="outcome" className="font-medium text-lg">
        What you learn of it
      </h2>
      <p className="mt-1 max-w-prose text-pretty text-ink-muted">
        Whoever asks “did Ann get it?” finds the whole story on one page. Your backend is told by a signed webhook.
      </p>
      <div className="mt-4 grid gap-4 lg:grid-cols-2">
        <Card>
          <header className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-1.5">
            <Badge>Email</Badge>
            <span className="font-medium text-sm">ann@example.com</span>
            <span className="ml-auto">
              <Status value="DELIVERED" />
            </span>
          </header>
          <CardBody>
            <Timeline label="The story of an example" events={events} />
          </CardBody>
        </Card>
        <CodeBlock label="POST https://your-backend.example/hooks" code={report} className="min-w-0" />
      </div>
    </section>
  );
}
