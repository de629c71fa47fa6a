import { CircleCheck, CircleDashed, CircleDot, CircleMinus, CircleX } from "lucide-react";
import { cn } from "../../../ui/cn";
import { formatDuration } from "../../../ui/format-number";
import type { MessageStory } from "./use-message-story";

type Stage = MessageStory["stages"][number];

const words: Record<Stage["name"], { title: string; meaning: string }> = {
  accept: { title: "Accept", meaning: "stored for good" },
  publish: { title: "Publish", meaning: "handed to the event log" },
  route: { title: "Route", meaning: "channels and addresses chosen" },
  enqueue: { title: "Enqueue", meaning: "in its fair turn" },
  deliver: { title: "Deliver", meaning: "with the provider" },
  report: { title: "Report", meaning: "outcome recorded" },
};
const icons = { done: CircleCheck, now: CircleDot, waiting: CircleDashed, failed: CircleX, skipped: CircleMinus };
const colours = {
  done: "text-good",
  now: "text-accent-ink",
  waiting: "text-ink-muted",
  failed: "text-bad",
  skipped: "text-ink-muted",
};
const stateWords = { done: "done", now: "now", waiting: "to come", failed: "failed", skipped: "skipped" };

/** How far a message has come on its way through the six stages, and how long after it was accepted. */
export function StageStrip({ stages }: { stages: readonly Stage[] }) {
  const acceptedAt = stages[0]?.at ? Date.parse(stages[0].at) : null;
  return (
    <div className="@container">
      <ol
        aria-label="Stages"
        className="grid grid-cols-2 overflow-hidden rounded-lg border border-line bg-surface @lg:grid-cols-3 @4xl:grid-cols-6"
      >
        {stages.map(({ name, state, at }, index) => {
          const Icon = icons[state];
          const { title, meaning } = words[name];
          const afterMs = at && acceptedAt !== null && index > 0 ? Date.parse(at) - acceptedAt : null;
          return (
            <li
              key={name}
              data-stage={name}
              data-state={state}
              className="-mt-px -ml-px border-line border-t border-l px-3 py-2.5"
            >
              <span className={cn("flex items-center gap-1.5 font-medium text-sm", colours[state])}>
                <Icon aria-hidden className={cn("size-4 shrink-0", state === "now" && "motion-safe:animate-pulse")} />
                <span className={state === "waiting" || state === "skipped" ? "" : "text-ink"}>{title}</span>
                <span className="ml-auto font-normal text-ink-muted text-xs">
                  {afterMs === null ? stateWords[state] : `+${formatDuration(Math.max(afterMs, 0))}`}
                </span>
              </span>
              <span className="mt-0.5 block text-ink-muted text-xs">{meaning}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
