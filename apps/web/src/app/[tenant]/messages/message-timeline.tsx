import type { StatusTone } from "../../../ui/status";
import { ExactTime } from "../../../ui/time";
import { Timeline } from "../../../ui/timeline";
import type { MessageStory } from "./use-message-story";

type Event = MessageStory["notification"]["timeline"][number];

const tones: Readonly<Record<string, StatusTone>> = {
  accepted: "good",
  scheduled: "neutral",
  processing: "active",
  queued: "active",
  sent: "good",
  delivered: "good",
  opened: "good",
  clicked: "good",
  partial: "warn",
  deferred: "warn",
  unknown: "warn",
  failed: "bad",
  rejected: "bad",
  bounced: "bad",
  bounced_hard: "bad",
  bounced_soft: "bad",
  complained: "bad",
};

/** From accepted to opened, in order. */
export function MessageTimeline({ events }: { events: readonly Event[] }) {
  return (
    <Timeline
      label="Timeline"
      times="exact"
      events={events.map(({ at, event, detail }, index) => {
        const [thing = "", what = event] = event.split(".");
        const words = thing === "notification" ? "message" : thing;
        return {
          key: `${index} ${event}`,
          tone: tones[what] ?? "neutral",
          title: `${words[0]?.toUpperCase()}${words.slice(1)} ${what.replaceAll("_", " ")}`,
          at,
          children: detail && (what === "scheduled" ? <ExactTime at={detail} /> : detail),
        };
      })}
    />
  );
}
