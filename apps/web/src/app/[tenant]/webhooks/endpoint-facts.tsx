import { channelNames } from "../../../shell/channel-names";
import { Card, CardBody } from "../../../ui/card";
import { formatCount } from "../../../ui/format-number";
import { KeyValue } from "../../../ui/key-value";
import { RelativeTime } from "../../../ui/time";
import type { Endpoint } from "./endpoint-words";
import { meaningOf } from "./event-words";

/** What an endpoint asked for. */
export function EndpointFacts({ endpoint }: { endpoint: Endpoint }) {
  const { events, channels, categories, headerNames, perSecond, createdAt, updatedAt } = endpoint;
  return (
    <Card className="max-w-3xl">
      <CardBody>
        <KeyValue
          items={[
            { label: "URL", value: <bdi className="font-mono text-xs">{endpoint.url}</bdi> },
            { label: "Events", value: <Events events={events} /> },
            { label: "Channels", value: channels.map((one) => channelNames[one] ?? one).join(", ") || "All" },
            { label: "Categories", value: categories.join(", ") || "All" },
            {
              label: "Custom headers",
              value: headerNames.length > 0 && (
                <span className="font-mono text-xs">{headerNames.map((name) => `${name}: ••••••`).join(", ")}</span>
              ),
            },
            {
              label: "Rate limit",
              value: perSecond === null ? "None" : `${formatCount(perSecond)} requests a second`,
            },
            { label: "Added", value: <RelativeTime at={createdAt} /> },
            { label: "Changed", value: <RelativeTime at={updatedAt} /> },
          ].map(({ label, value }) => ({ label, value: value === false ? null : value }))}
        />
      </CardBody>
    </Card>
  );
}

function Events({ events }: { events: readonly string[] }) {
  if (events.includes("*")) return "All events, also those to come";
  return (
    <ul className="space-y-1">
      {events.map((type) => (
        <li key={type}>
          <code className="font-mono text-xs">{type}</code>{" "}
          <span className="text-ink-muted text-xs">{meaningOf(type)}</span>
        </li>
      ))}
    </ul>
  );
}
