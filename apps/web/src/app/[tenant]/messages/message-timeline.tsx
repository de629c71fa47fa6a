import { channelNames } from "../../../shell/channel-names";
import type { StatusTone } from "../../../ui/status";
import { ExactTime } from "../../../ui/time";
import { Timeline } from "../../../ui/timeline";
import type { MessageStory } from "./use-message-story";

type Notification = MessageStory["notification"];

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
export function MessageTimeline({ notification: { timeline, deliveries } }: { notification: Notification }) {
  const channels = new Map(deliveries.map(({ id, channel }) => [id, channelNames[channel] ?? channel]));
  return (
    <Timeline
      label="Timeline"
      times="exact"
      events={timeline.map(({ at, event, detail, deliveryId }, index) => {
        const [thing = "", what = event] = event.split(".");
        const channel = channels.get(deliveryId ?? "");
        const subject =
          { notification: "Message", delivery: channel ?? "Delivery", attempt: "Attempt" }[thing] ?? thing;
        return {
          key: `${index} ${event}`,
          tone: tones[what] ?? "neutral",
          title: `${subject} ${what.replaceAll("_", " ")}`,
          at,
          aside: thing === "attempt" && channel,
          children: detail && (what === "scheduled" ? <ExactTime at={detail} /> : detail),
        };
      })}
    />
  );
}
